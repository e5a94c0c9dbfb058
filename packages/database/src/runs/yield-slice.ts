import { sql } from 'kysely';
import type { Database } from '../connection/connection.js';
import { OPEN_SLICE } from './open-slice.js';

/** Hands a slice back at a page's boundary, so that other runs of the network get their turn before this one. */
export async function yieldSlice(db: Database, slice: { runId: bigint }): Promise<void> {
  await sql`UPDATE sync_runs SET worked_at = clock_timestamp() WHERE id = ${slice.runId}`.execute(db);
}

/** True when work that goes before this slice waits for the same network. */
export async function hasUrgentSlice(db: Database, slice: { id: bigint; priority: number }): Promise<boolean> {
  const { rows } = await sql`
    SELECT 1 FROM sync_slices own
    JOIN sync_slices s ON s.lease_key = own.lease_key AND s.priority < ${slice.priority}
    JOIN sync_runs r ON r.id = s.run_id
    WHERE own.id = ${slice.id} AND ${OPEN_SLICE} LIMIT 1`.execute(db);
  return rows.length > 0;
}
