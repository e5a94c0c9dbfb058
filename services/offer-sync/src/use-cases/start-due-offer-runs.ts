import {
  claimDueSchedules,
  createOfferRun,
  hasOpenRun,
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

const SCHEDULES_MAX = 100;
/** Later than this, a schedule was silent: said aloud, and repaired by being run now. */
const SILENT_AFTER_MS = 15 * 60_000;

async function startRun(tx: Transaction, due: DueSchedule): Promise<boolean> {
  const { integrationId, networkId, now } = due;
  await setNextAt(tx, { integrationId, kind: due.kind, nextAt: nextScheduledAt(integrationId, due.everyMs, now) });
  if (now.getTime() - due.nextAt.getTime() > SILENT_AFTER_MS) {
    await logIntegration(tx, {
      integrationId,
      level: 'warn',
      code: 'schedule_was_silent',
      message: `The offer sync planned for ${due.nextAt.toISOString()} did not happen; it starts now`,
    });
  }
  if (await hasOpenRun(tx, integrationId, 'offers')) {
    await logIntegration(tx, {
      integrationId,
      level: 'info',
      code: 'run_still_open',
      message: 'The previous offer sync is not finished; no second one was started',
    });
    return false;
  }
  await createOfferRun(tx, { integrationId, networkId, trigger: 'schedule' });
  return true;
}

/**
 * Creates the run of an integration's offer schedule when it is due, and moves the schedule on in the same
 * transaction. PostgreSQL says what is due; the queue's tick and the reconciler both end here. Returns the network
 * with new work.
 */
export async function startDueOfferRun(db: Database, integrationId: bigint): Promise<string | null> {
  return inTransaction(db, async (tx) => {
    const [due] = await claimDueSchedules(tx, { kind: 'offers', schedulesMax: 1, integrationId });
    return due && (await startRun(tx, due)) ? due.networkId : null;
  });
}

/**
 * Starts whatever is due, each schedule in a transaction of its own: one that cannot be started is reported, stays
 * due, and keeps no other from its turn. Returns the networks with new work.
 */
export async function startDueOfferRuns(
  db: Database,
  onFailed: (integrationId: bigint, error: unknown) => void,
): Promise<string[]> {
  const networks = new Set<string>();
  for (const integrationId of await integrationsDue(db, { kind: 'offers', schedulesMax: SCHEDULES_MAX })) {
    try {
      const networkId = await startDueOfferRun(db, integrationId);
      if (networkId !== null) networks.add(networkId);
    } catch (error) {
      if (isStoreAway(error)) throw error;
      onFailed(integrationId, error);
    }
  }
  return [...networks];
}
