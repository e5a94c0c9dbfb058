import { sql } from 'kysely';
import type { Tx } from '../connection/connection.js';
import { planDays } from './plan-days.js';

/**
 * Ends a slice. A run planned by days gets its next days; one with nothing left to read counts as pulled. A day is
 * done once all slices that read it are.
 */
export async function finishSlice(tx: Tx, slice: { id: bigint; runId: bigint }): Promise<void> {
  await sql`
    WITH forgotten AS (DELETE FROM slice_pages WHERE slice_id = ${slice.id})
    UPDATE sync_slices SET done_at = clock_timestamp() WHERE id = ${slice.id}`.execute(tx);
  await planDays(tx, slice.runId);
  await sql`
    UPDATE sync_runs r SET
      progress_done = CASE WHEN r.progress_unit <> 'days' THEN r.progress_done
        ELSE coalesce(r.progress_total, 0) - coalesce(r.plan_next - r.window_from + 1, 0) - open.days END,
      pulled_at = CASE WHEN open.slices = 0 AND r.plan_next IS NULL THEN clock_timestamp() END
    FROM (SELECT count(*)::int AS slices, count(DISTINCT day)::int AS days
      FROM sync_slices WHERE run_id = ${slice.runId} AND done_at IS NULL) open
    WHERE r.id = ${slice.runId} AND r.pulled_at IS NULL`.execute(tx);
}
