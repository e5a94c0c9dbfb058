import { sql } from 'kysely';
import type { Tx } from '../connection/connection.js';
import { SLICE_PRIORITY } from './slice-priority.js';

/** Days that get their slices at once: enough to go on with, and few to look through for the next one. */
const DAYS_PLANNED_MAX = 31;

/**
 * Gives the next days of a run their slices, newest first, once all earlier ones are done. In the transaction that
 * finishes the last of these: no day is left out and none is planned twice, whenever a process dies.
 */
export async function planDays(tx: Tx, runId: bigint): Promise<void> {
  await sql`
    WITH portion AS (
      SELECT r.id, r.integration_id, 'conversions:' || i.network_id AS lease_key, r.window_from AS oldest,
        r.plan_next AS newest, greatest(r.window_from, r.plan_next - ${DAYS_PLANNED_MAX - 1}::int) AS last
      FROM sync_runs r JOIN integrations i ON i.id = r.integration_id
      WHERE r.id = ${runId} AND r.plan_next IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM sync_slices s WHERE s.run_id = r.id AND s.done_at IS NULL)
      FOR UPDATE OF r
    ), added AS (
      INSERT INTO sync_slices (run_id, integration_id, lease_key, priority, day, window_from, window_to)
      SELECT p.id, p.integration_id, p.lease_key, ${SLICE_PRIORITY.backfill}::int, d.day, d.day || ' 00:00:00', d.day || ' 23:59:59'
      FROM portion p, LATERAL (SELECT p.newest - n AS day FROM generate_series(0, p.newest - p.last) AS n) d
      ORDER BY d.day DESC
    )
    UPDATE sync_runs r SET plan_next = CASE WHEN p.last > p.oldest THEN p.last - 1 END
    FROM portion p WHERE r.id = p.id`.execute(tx);
}
