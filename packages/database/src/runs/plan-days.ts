import { sql } from 'kysely';
import { addDays, daysBetween } from '@trackly-tune/domain';
import type { Tx } from '../connection/connection.js';
import { addSlices, wholeDay } from './add-slices.js';
import { SLICE_PRIORITY } from './slice-priority.js';

/** Days that get their slices at once: enough to go on with, and few to look through for the next one. */
const DAYS_PLANNED_MAX = 31;

/** What is still to plan of a run whose planned days are all done; the run stays locked until the transaction ends. */
async function lockPlan(tx: Tx, runId: bigint): Promise<{ newest: string; oldest: string } | null> {
  await sql`SELECT FROM sync_runs WHERE id = ${runId} FOR UPDATE`.execute(tx);
  const { rows } = await sql<{ newest: string; oldest: string }>`
    SELECT plan_next AS newest, window_from AS oldest FROM sync_runs r
    WHERE id = ${runId} AND plan_next IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM sync_slices s WHERE s.run_id = r.id AND s.done_at IS NULL)`.execute(tx);
  return rows[0] ?? null;
}

/**
 * Gives the next days of a run their slices, newest first, once all earlier ones are done. In the transaction that
 * finishes the last of these: no day is left out and none is planned twice, whenever a process dies.
 */
export async function planDays(tx: Tx, runId: bigint): Promise<void> {
  const plan = await lockPlan(tx, runId);
  if (plan === null) return;
  const count = Math.min(daysBetween(plan.oldest, plan.newest) + 1, DAYS_PLANNED_MAX);
  const slices = Array.from({ length: count }, (_, back) => wholeDay(addDays(plan.newest, -back)));
  await addSlices(tx, runId, { story: 'conversions', priority: SLICE_PRIORITY.backfill, slices });
  const next = addDays(plan.newest, -count);
  const planNext = next < plan.oldest ? null : next;
  await tx.updateTable('sync_runs').set({ plan_next: planNext }).where('id', '=', runId).execute();
}
