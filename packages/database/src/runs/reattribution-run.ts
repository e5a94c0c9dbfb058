import { sql } from 'kysely';
import type { Tx } from '../connection/connection.js';
import { addUniqueRun } from './create-run.js';

/** Creates the run of a re-attribution of `total` conversions. It counts as running from the start. */
export async function createReattributionRun(
  tx: Tx,
  run: { integrationId: bigint; from: string | null; to: string | null; total: number },
): Promise<bigint> {
  return addUniqueRun(tx, {
    integration_id: run.integrationId,
    kind: 'reattribution',
    trigger: 'manual',
    status: 'running',
    started_at: sql<Date>`clock_timestamp()`,
    window_from: run.from,
    window_to: run.to,
    progress_unit: 'conversions',
    progress_total: run.total,
  });
}

/** Counts a batch of a re-attribution: conversions that were looked at, and those of them whose settings changed. */
export async function countReattributedBatch(
  tx: Tx,
  runId: bigint,
  batch: { done: number; updated: number },
): Promise<void> {
  await sql`
    UPDATE sync_runs SET progress_done = progress_done + ${batch.done}, updated = updated + ${batch.updated}
    WHERE id = ${runId}`.execute(tx);
}

/** Says that a re-attribution has re-opened all that it will: whatever that is has to be settled before it succeeds. */
export async function endReattributionBatches(tx: Tx, runId: bigint): Promise<void> {
  await sql`
    UPDATE sync_runs SET pulled_at = clock_timestamp(), progress_total = progress_done,
      unchanged = greatest(progress_done - updated, 0)
    WHERE id = ${runId}`.execute(tx);
}

/** Ends a re-attribution that was asked to stop, between two batches; what it re-opened is settled all the same. */
export async function cancelReattributionRun(tx: Tx, runId: bigint): Promise<void> {
  await sql`
    UPDATE sync_runs SET status = 'cancelled', finished_at = clock_timestamp(), progress_total = progress_done,
      unchanged = progress_done - updated
    WHERE id = ${runId}`.execute(tx);
}
