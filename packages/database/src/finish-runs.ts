import { sql } from 'kysely';
import type { Database, Transaction } from './connection.js';
import { extendCoverage, moveWatermarks } from './extend-coverage.js';
import { failShortRun, type ShortRun } from './fail-short-run.js';
import { countReattributed } from './reattribution-runs.js';

export interface FinishedRun {
  readonly runId: bigint;
  readonly integrationId: bigint;
  readonly kind: string;
  readonly fetched: number;
  readonly rejected: number;
  /** In the run's own unit. */
  readonly done: number;
  /** Why it failed although everything that it read is on the books; null when it succeeded. */
  readonly short: ShortRun | null;
}

/** Runs whose pages are stored and whose transactions have all been settled since: `succeeded` but for the relay. */
export async function settledRuns(db: Database): Promise<bigint[]> {
  const { rows } = await sql<{ id: bigint }>`
    SELECT r.id FROM sync_runs r
    WHERE r.status = 'running' AND r.pulled_at IS NOT NULL AND r.kind IN ('conversions', 'backfill', 'changes', 'reattribution')
      AND NOT EXISTS (SELECT 1 FROM transactions t
        WHERE t.integration_id = r.integration_id AND t.due_since <= r.pulled_at)
    ORDER BY r.id LIMIT 100`.execute(db);
  return rows.map((row) => row.id);
}

/** A re-attribution counts what was in its scope: there is nothing that it pulled. */
async function writeReattributed(tx: Transaction, runId: bigint): Promise<void> {
  const counts = await countReattributed(tx, runId);
  if (counts === null) return;
  await sql`
    UPDATE sync_runs SET attributed_by_click = ${counts.byClick}, attributed_by_message_id = ${counts.byMessage},
      unattributed = ${counts.byNone} WHERE id = ${runId}`.execute(tx);
}

/**
 * Ends a run, as succeeded but where it was short, and moves what its integration's schedules remember of it. Call it
 * after the ledger was relayed. Null when the run is not running any more.
 */
export async function succeedRun(tx: Transaction, runId: bigint): Promise<FinishedRun | null> {
  const { rows } = await sql<Omit<FinishedRun, 'short'>>`
      UPDATE sync_runs r SET status = 'succeeded', finished_at = clock_timestamp(),
        attributed_by_click = c.by_click, attributed_by_message_id = c.by_message, unattributed = c.by_none
      FROM (
        SELECT count(*) FILTER (WHERE a.method = 'click')::int AS by_click,
          count(*) FILTER (WHERE a.method = 'message_id')::int AS by_message,
          count(*) FILTER (WHERE a.method = 'none')::int AS by_none
        FROM sync_runs own
        JOIN conversions k ON k.integration_id = own.integration_id AND k.day BETWEEN own.window_from AND own.window_to
          AND k.postback_key IS NULL
          -- A pass for late changes reads single days only.
          AND (own.kind <> 'changes' OR EXISTS (SELECT 1 FROM sync_slices s WHERE s.run_id = own.id AND s.day = k.day))
        JOIN attributions a ON a.conversion_id = k.id
        WHERE own.id = ${runId}
      ) c
      WHERE r.id = ${runId} AND r.status = 'running' AND r.pulled_at IS NOT NULL
      RETURNING r.id AS "runId", r.integration_id AS "integrationId", r.kind, r.fetched, r.rejected,
        r.progress_done AS done`.execute(tx);
  const run = rows[0];
  if (!run) return null;
  const short = await failShortRun(tx, runId);
  if (run.kind === 'reattribution') await writeReattributed(tx, runId);
  await (run.kind === 'changes' ? moveWatermarks(tx, runId) : extendCoverage(tx, runId));
  return { ...run, short };
}
