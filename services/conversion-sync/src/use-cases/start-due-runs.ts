import { planWindow } from '@trackly-tune/domain';
import {
  claimDueSchedules,
  createConversionRun,
  hasOpenRun,
  inTransaction,
  logIntegration,
  nextScheduledAt,
  setNextAt,
  type Database,
  type DueSchedule,
  type Transaction,
} from '@trackly-tune/database';

const SCHEDULES_MAX = 100;
/** Later than this, a schedule was silent: said aloud, and repaired by being run now. */
const SILENT_AFTER_MS = 15 * 60_000;

async function startRun(tx: Transaction, due: DueSchedule): Promise<boolean> {
  const { integrationId, now } = due;
  await setNextAt(tx, { integrationId, kind: due.kind, nextAt: nextScheduledAt(integrationId, due.everyMs, now) });
  if (now.getTime() - due.nextAt.getTime() > SILENT_AFTER_MS) {
    await logIntegration(tx, {
      integrationId,
      level: 'warn',
      code: 'schedule_was_silent',
      message: `The pull planned for ${due.nextAt.toISOString()} did not happen; it starts now`,
    });
  }
  if (await hasOpenRun(tx, integrationId, 'conversions')) {
    await logIntegration(tx, {
      integrationId,
      level: 'info',
      code: 'run_still_open',
      message: 'The previous pull is not finished; no second one was started',
    });
    return false;
  }
  const window = planWindow(now, due.coveredThrough, due.timeZone);
  const run = await createConversionRun(tx, { integrationId, networkId: due.networkId, window, trigger: 'schedule' });
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
}

/**
 * Creates the runs of schedules that are due and moves the schedules on, in one transaction. PostgreSQL says what is
 * due; the queue's tick and the reconciler both end here. Returns the networks with new work.
 */
export async function startDueRuns(db: Database, integrationId?: bigint): Promise<string[]> {
  return inTransaction(db, async (tx) => {
    const schedules = await claimDueSchedules(tx, {
      kind: 'conversions',
      schedulesMax: SCHEDULES_MAX,
      ...(integrationId === undefined ? {} : { integrationId }),
    });
    const networks = new Set<string>();
    for (const due of schedules) if (await startRun(tx, due)) networks.add(due.networkId);
    return [...networks];
  });
}
