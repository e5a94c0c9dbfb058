import { createConversionRun, hasOpenScheduledPull, logIntegration } from '@trackly-tune/database';
import { planWindow } from '@trackly-tune/domain';
import type { ScheduledWork } from '@trackly-tune/sync-engine';

/** The hourly pull: the look-back, widened to what was not pulled since the last success. */
export const scheduledPulls: ScheduledWork = {
  kind: 'conversions',
  name: 'pull',
  async start(tx, due) {
    const { integrationId, now } = due;
    if (await hasOpenScheduledPull(tx, integrationId)) return false;
    const window = planWindow(now, due.coveredThrough, due.timeZone);
    const run = await createConversionRun(tx, { integrationId, window, trigger: 'schedule' });
    if (window.widened) {
      await logIntegration(tx, {
        integrationId,
        runId: run.id,
        level: window.cutOff ? 'error' : 'warn',
        code: window.cutOff ? 'gap_cannot_be_closed' : 'window_widened',
        message: window.cutOff
          ? `Nothing was pulled since ${due.coveredThrough.toISOString()}; TUNE's reports reach back to ${window.from} only`
          : `The window starts at ${window.from}, since nothing was pulled after ${due.coveredThrough.toISOString()}`,
        context: { from: window.from, to: window.to, covered_through: due.coveredThrough.toISOString() },
      });
    }
    return true;
  },
};
