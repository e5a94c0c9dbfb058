import { sql } from 'kysely';
import type { Database, Tx } from '../connection/connection.js';
import { extendCoverage, moveWatermarks } from './extend-coverage.js';
import { notParked, type ParkableItem } from '../parking/parked-items.js';
import { failShortRun, type ShortRun } from './fail-short-run.js';
import { joinDecision } from '../transactions/current-decision.js';
import { countReattributed } from '../reattribution/reattribute.js';

const PARKED_CODE = 'transactions_parked';
const PARKED_MESSAGE =
  '%s transactions of the window could not be settled or numbered; everything else is on the books';

export interface FinishedRun {
  readonly runId: bigint;
  readonly integrationId: bigint;
  readonly kind: string;
  readonly fetched: number;
  readonly rejected: number;
  /** In the run's own unit. */
  readonly done: number;
  /** Transactions in its window that are parked: not all of it is on the books, so it has failed. */
  readonly parked: number;
  /** Why it failed although everything that it read is on the books; null when it succeeded. */
  readonly short: ShortRun | null;
}

/** How long a run waits for what is parked to go through after all, from when it was parked on, in ms. */
export interface ParkedWait {
  readonly parkedWaitMs: number;
}

const longSince = ({ parkedWaitMs }: ParkedWait, since: string) =>
  sql`${sql.raw(since)} <= statement_timestamp() - ${parkedWaitMs} * interval '1 millisecond'`;

/**
 * Runs whose pages are stored and whose transactions have all been settled since: ended but for the relay. What is
 * parked, and the ledger of its integration when that is, holds a run up for a bounded time only.
 */
export async function settledRuns(db: Database, wait: ParkedWait, runsMax: number): Promise<ParkableItem[]> {
  const { rows } = await sql<ParkableItem>`
    SELECT r.id, i.account_id AS "accountId", r.integration_id AS "integrationId"
    FROM sync_runs r JOIN integrations i ON i.id = r.integration_id
    WHERE r.status = 'running' AND r.pulled_at IS NOT NULL
      AND r.kind IN ('conversions', 'backfill', 'changes', 'reattribution')
      AND ${notParked('finished_run', 'r.id')}
      AND NOT EXISTS (SELECT 1 FROM due_transactions t
        WHERE t.integration_id = r.integration_id AND t.due_since <= r.pulled_at
          AND t.id NOT IN (SELECT item_id FROM parked_items WHERE kind = 'transaction' AND ${longSince(wait, 'since')}))
      AND r.integration_id NOT IN (SELECT item_id FROM parked_items WHERE kind = 'ledger' AND NOT ${longSince(wait, 'since')})
    ORDER BY r.id LIMIT ${runsMax}`.execute(db);
  return rows;
}

/** Parked transactions with conversions of a run `own`. Begins at what is parked, which is little or nothing. */
const PARKED_IN_RUN = sql`
  SELECT x.transaction_id, max(x.since) AS since
  FROM (
    SELECT t.transaction_id, p.since FROM parked_items p
    JOIN due_transactions t ON t.integration_id = p.integration_id AND t.id = p.item_id
    WHERE p.kind = 'transaction' AND p.integration_id = own.integration_id
    UNION ALL
    SELECT c.transaction_id, p.since FROM parked_items p
    JOIN ledger_unnumbered u ON u.integration_id = p.item_id
    CROSS JOIN LATERAL unnest(u.conversion_ids) AS e (conversion_id)
    JOIN conversions c ON c.id = e.conversion_id
    WHERE p.kind = 'ledger' AND p.item_id = own.integration_id
  ) x
  WHERE EXISTS (SELECT 1 FROM conversions k LEFT JOIN reattributions a ON a.run_id = own.id
    WHERE k.transaction_id = x.transaction_id AND k.integration_id = own.integration_id AND (own.window_from IS NULL OR k.day >= own.window_from)
      AND (own.window_to IS NULL OR k.day <= own.window_to)
      AND (own.kind = 'reattribution' OR k.postback_key IS NULL)
      AND (a.conversion_ids IS NULL OR k.id = ANY(a.conversion_ids)) AND k.id <= coalesce(a.through_id, k.id))
  GROUP BY x.transaction_id`;

/** A re-attribution counts what was in its scope: there is nothing that it pulled. */
async function writeReattributed(tx: Tx, runId: bigint): Promise<void> {
  const counts = await countReattributed(tx, runId);
  if (counts === null) return;
  await sql`
    UPDATE sync_runs SET attributed_by_click = ${counts.byClick}, attributed_by_message_id = ${counts.byMessage},
      unattributed = ${counts.byNone} WHERE id = ${runId}`.execute(tx);
}

/**
 * Ends a settled run and moves what its integration's schedules remember of it. Call it after the ledger was relayed.
 * `succeeded` is said only when every conversion in its window is settled and numbered; with parked ones it has failed,
 * though everything is stored: its window counts as covered. Null when the run is not to end (any more).
 */
export async function endSettledRun(tx: Tx, runId: bigint, wait: ParkedWait): Promise<FinishedRun | null> {
  const { rows } = await sql<Omit<FinishedRun, 'short'>>`
      UPDATE sync_runs r SET status = CASE WHEN p.parked = 0 THEN 'succeeded' ELSE 'failed' END,
        error_code = CASE WHEN p.parked > 0 THEN ${PARKED_CODE} END,
        error_message = CASE WHEN p.parked > 0 THEN format(${PARKED_MESSAGE}, p.parked) END,
        finished_at = clock_timestamp(), parked = p.parked,
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
        ${joinDecision('k.id')}
        WHERE own.id = ${runId}
      ) c, (
        SELECT count(*)::int AS parked, max(w.since) AS since
        FROM sync_runs own CROSS JOIN LATERAL (${PARKED_IN_RUN}) w WHERE own.id = ${runId}
      ) p
      WHERE r.id = ${runId} AND r.status = 'running' AND r.pulled_at IS NOT NULL
        AND (p.parked = 0 OR ${longSince(wait, 'p.since')})
      RETURNING r.id AS "runId", r.integration_id AS "integrationId", r.kind, r.fetched, r.rejected,
        r.progress_done AS done, r.parked`.execute(tx);
  const run = rows[0];
  if (!run) return null;
  const short = await failShortRun(tx, runId);
  if (run.kind === 'reattribution') await writeReattributed(tx, runId);
  await (run.kind === 'changes' ? moveWatermarks(tx, runId) : extendCoverage(tx, runId));
  return { ...run, short };
}
