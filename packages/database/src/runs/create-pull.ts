import type { PullWindow } from '@trackly-tune/domain';
import type { Tx } from '../connection/connection.js';
import { addSlices, wholeDays } from './add-slices.js';
import { createOnce, findSameRun, type CreatedRun, type NewRun } from './create-run.js';
import { SLICE_PRIORITY } from './slice-priority.js';

/**
 * Creates a run that pulls the conversions of a window, as one slice. A run of the same window that still waits is
 * returned instead of a second one (`created` says which). Wake `pull-network` after the commit.
 */
export async function createConversionRun(
  tx: Tx,
  pull: { integrationId: bigint; window: PullWindow; trigger: 'schedule' | 'manual' },
): Promise<CreatedRun> {
  const { integrationId, window, trigger } = pull;
  const run: NewRun = {
    integration_id: integrationId,
    kind: 'conversions',
    trigger,
    window_from: window.from,
    window_to: window.to,
    covers_from: window.coversFrom,
    covers_to: window.coversTo,
  };
  const once = await createOnce(tx, run, () => findSameRun(tx, run, ['queued']));
  if (once.created) {
    const slice = { day: null, ...wholeDays(window.from, window.to) };
    await addSlices(tx, once.id, { story: 'conversions', priority: SLICE_PRIORITY.live, slices: [slice] });
  }
  return once;
}
