import { sql } from 'kysely';
import type { Tx } from '../connection/connection.js';

/**
 * What is covered grows by the window of a pull or backfill that joins it, on either side: `covered_through` moves
 * forward only, `coverage_starts_at` back only (product-rules.md, "No hole"). A window apart from it changes neither.
 */
export async function extendCoverage(tx: Tx, runId: bigint): Promise<void> {
  await sql`
    UPDATE sync_schedules s SET
      last_succeeded_at = CASE WHEN r.kind = 'conversions' AND r.status = 'succeeded' THEN greatest(s.last_succeeded_at, r.finished_at)
        ELSE s.last_succeeded_at END,
      coverage_starts_at = CASE WHEN r.joins THEN least(s.coverage_starts_at, r.covers_from)
        ELSE s.coverage_starts_at END,
      covered_through = CASE WHEN r.joins THEN greatest(s.covered_through, r.read_through)
        ELSE s.covered_through END
    FROM (SELECT own.*, least(own.first_requested_at, own.covers_to) AS read_through,
        own.covers_from <= coalesce(k.covered_through, k.coverage_starts_at)
          AND own.covers_to >= k.coverage_starts_at AS joins
      FROM sync_runs own JOIN sync_schedules k ON k.integration_id = own.integration_id AND k.kind = 'conversions'
      WHERE own.id = ${runId} AND own.kind IN ('conversions', 'backfill')) r
    WHERE s.integration_id = r.integration_id AND s.kind = 'conversions'`.execute(tx);
}

/** A pass for late changes is stored as a whole: the next one goes on where it ended. Neither watermark moves back. */
export async function moveWatermarks(tx: Tx, runId: bigint): Promise<void> {
  await sql`
    UPDATE sync_schedules s SET
      last_succeeded_at = CASE WHEN r.status = 'succeeded' THEN greatest(s.last_succeeded_at, r.finished_at)
        ELSE s.last_succeeded_at END,
      hinted_through = greatest(s.hinted_through, r.hinted_through),
      ladder_through = greatest(s.ladder_through, r.ladder_through)
    FROM sync_runs r
    WHERE r.id = ${runId} AND s.integration_id = r.integration_id AND s.kind = 'changes'`.execute(tx);
}
