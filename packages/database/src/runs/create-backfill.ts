import { daysBetween, type PullWindow } from '@trackly-tune/domain';
import type { Tx } from '../connection/connection.js';
import { createOnce, findSameRun, type CreatedRun, type NewRun } from './create-run.js';
import { planDays } from './plan-days.js';

/**
 * Creates a run that fills a window day by day, newest first. One of the same window that is still open is returned
 * instead of a second one (`created` says which). Wake `pull-network` after the commit.
 */
export async function createBackfillRun(
  tx: Tx,
  backfill: { integrationId: bigint; window: PullWindow },
): Promise<CreatedRun> {
  const { integrationId, window } = backfill;
  const run: NewRun = {
    integration_id: integrationId,
    kind: 'backfill',
    trigger: 'manual',
    window_from: window.from,
    window_to: window.to,
    covers_from: window.coversFrom,
    covers_to: window.coversTo,
    plan_next: window.to,
    progress_unit: 'days',
    progress_total: daysBetween(window.from, window.to) + 1,
  };
  const once = await createOnce(tx, run, () => findSameRun(tx, run, ['queued', 'running']));
  if (once.created) await planDays(tx, once.id);
  return once;
}
