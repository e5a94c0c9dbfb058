import { sql } from 'kysely';
import type { Tx } from '../connection/connection.js';

const AT_REST = sql.raw(`status = 'queued' OR pulled_at IS NOT NULL OR paused_at IS NOT NULL`);

/**
 * Asks a run to stop: at once when it waits, is paused or has all its pages, else at its next page. What was stored stays. False
 * when the run has ended before.
 */
export async function requestCancel(tx: Tx, runId: bigint): Promise<boolean> {
  const { rows } = await sql`
    UPDATE sync_runs SET cancel_requested_at = coalesce(cancel_requested_at, clock_timestamp()),
      status = CASE WHEN ${AT_REST} THEN 'cancelled' ELSE status END,
      finished_at = CASE WHEN ${AT_REST} THEN clock_timestamp() ELSE finished_at END
    WHERE id = ${runId} AND status IN ('queued', 'running') RETURNING 1`.execute(tx);
  return rows.length > 0;
}
