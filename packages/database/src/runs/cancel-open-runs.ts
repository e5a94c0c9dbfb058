import { sql } from 'kysely';
import type { Tx } from '../connection/connection.js';

/**
 * Ends the runs of an integration that still wait or pull; those that have everything and are only being settled go
 * on. A page that is under way is stored, and its worker stops after it. Returns how many were ended.
 */
export async function cancelOpenRuns(tx: Tx, integrationId: bigint): Promise<number> {
  const { rows } = await sql`
    UPDATE sync_runs SET status = 'cancelled', finished_at = clock_timestamp(),
      cancel_requested_at = coalesce(cancel_requested_at, clock_timestamp())
    WHERE id IN (
      SELECT id FROM sync_runs
      WHERE integration_id = ${integrationId} AND status IN ('queued', 'running') AND pulled_at IS NULL
      ORDER BY id FOR UPDATE)
    RETURNING 1`.execute(tx);
  return rows.length;
}
