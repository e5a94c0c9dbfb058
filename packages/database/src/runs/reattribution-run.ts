import { sql } from 'kysely';
import type { Tx } from '../connection/connection.js';

/** Creates the run of a re-attribution of `total` conversions. It counts as running from the start. */
export async function createReattributionRun(
  tx: Tx,
  run: { integrationId: bigint; from: string | null; to: string | null; total: number },
): Promise<bigint> {
  const { rows } = await sql<{ id: bigint }>`
    INSERT INTO sync_runs (integration_id, kind, trigger, status, started_at, window_from, window_to, progress_unit,
      progress_total)
    VALUES (${run.integrationId}, 'reattribution', 'manual', 'running', clock_timestamp(), ${run.from}::date,
      ${run.to}::date, 'conversions', ${run.total})
    RETURNING id`.execute(tx);
  const id = rows[0]?.id;
  if (id === undefined) throw new Error('The run of a re-attribution was not stored');
  return id;
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
