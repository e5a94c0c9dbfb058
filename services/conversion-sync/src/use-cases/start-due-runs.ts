import { planWindow } from '@trackly-tune/domain';
import {
  claimDueSchedules,
  createConversionRun,
  hasOpenScheduledPull,
  integrationsDue,
  inTransaction,
  isStoreAway,
  logIntegration,
  nextScheduledAt,
  setNextAt,
  type Database,
  type DueSchedule,
  type Transaction,
} from '@trackly-tune/database';
import { sayIfSilent } from './say-if-silent.js';

const SCHEDULES_MAX = 100;

async function startRun(tx: Transaction, due: DueSchedule): Promise<boolean> {
  const { integrationId, now } = due;
  await setNextAt(tx, { integrationId, kind: due.kind, nextAt: nextScheduledAt(integrationId, due.everyMs, now) });
  await sayIfSilent(tx, due);
  if (await hasOpenScheduledPull(tx, integrationId)) {
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
 * Creates the run of an integration's schedule when it is due, and moves the schedule on in the same transaction.
 * PostgreSQL says what is due; the queue's tick and the reconciler both end here. Returns the network with new work.
 */
export async function startDueRun(db: Database, integrationId: bigint): Promise<string | null> {
  return inTransaction(db, async (tx) => {
    const [due] = await claimDueSchedules(tx, { kind: 'conversions', schedulesMax: 1, integrationId });
    return due && (await startRun(tx, due)) ? due.networkId : null;
  });
}

/**
 * Starts whatever is due, each schedule in a transaction of its own: one that cannot be started is reported, stays
 * due, and keeps no other from its turn. Returns the networks with new work.
 */
export async function startDueRuns(
  db: Database,
  onFailed: (integrationId: bigint, error: unknown) => void,
): Promise<string[]> {
  const networks = new Set<string>();
  for (const integrationId of await integrationsDue(db, { kind: 'conversions', schedulesMax: SCHEDULES_MAX })) {
    try {
      const networkId = await startDueRun(db, integrationId);
      if (networkId !== null) networks.add(networkId);
    } catch (error) {
      if (isStoreAway(error)) throw error;
      onFailed(integrationId, error);
    }
  }
  return [...networks];
}
