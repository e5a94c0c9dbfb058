import {
  claimDueSchedules,
  createChangesRun,
  daysHeld,
  integrationsDue,
  inTransaction,
  isStoreAway,
  logIntegration,
  nextScheduledAt,
  readChangesState,
  setNextAt,
  type Database,
  type DueSchedule,
  type Transaction,
} from '@trackly-tune/database';
import { dayOf } from '@trackly-tune/domain';
import { planLadder } from '../domain/plan-ladder.js';
import { sayIfSilent } from './say-if-silent.js';

const SCHEDULES_MAX = 100;

async function startRun(tx: Transaction, due: DueSchedule, random: () => number): Promise<boolean> {
  const { integrationId, networkId, now, timeZone } = due;
  await setNextAt(tx, { integrationId, kind: due.kind, nextAt: nextScheduledAt(integrationId, due.everyMs, now) });
  await sayIfSilent(tx, due);
  const state = await readChangesState(tx, integrationId);
  const today = dayOf(now, timeZone);
  const covered = dayOf(state.coverageStartsAt, timeZone);
  const oldestDay = state.oldestDay !== null && state.oldestDay < covered ? state.oldestDay : covered;
  const planned = planLadder({ today, through: state.ladderThrough, oldestDay, random });
  // Days that were never pulled stay so: what is older than the integration is for a backfill that a person asks for.
  const held = await daysHeld(tx, integrationId, planned);
  const ladderDays = planned.filter((day) => day >= covered || held.includes(day));
  const run = await createChangesRun(tx, { integrationId, networkId, ladderDays, ladderThrough: today });
  if (run !== null) return true;
  await logIntegration(tx, {
    integrationId,
    level: 'info',
    code: 'run_still_open',
    message: 'The previous pass for late changes is not finished; no second one was started',
  });
  return false;
}

/** Creates the pass for late changes of an integration when it is due. Returns the network with new work. */
export async function startDueChange(
  db: Database,
  integrationId: bigint,
  random: () => number,
): Promise<string | null> {
  return inTransaction(db, async (tx) => {
    const [due] = await claimDueSchedules(tx, { kind: 'changes', schedulesMax: 1, integrationId });
    return due && (await startRun(tx, due, random)) ? due.networkId : null;
  });
}

/**
 * Starts the passes for late changes that are due, each in a transaction of its own: one that cannot be started is
 * reported, stays due, and keeps no other from its turn. Returns the networks with new work.
 */
export async function startDueChanges(
  db: Database,
  random: () => number,
  onFailed: (integrationId: bigint, error: unknown) => void,
): Promise<string[]> {
  const networks = new Set<string>();
  for (const integrationId of await integrationsDue(db, { kind: 'changes', schedulesMax: SCHEDULES_MAX })) {
    try {
      const networkId = await startDueChange(db, integrationId, random);
      if (networkId !== null) networks.add(networkId);
    } catch (error) {
      if (isStoreAway(error)) throw error;
      onFailed(integrationId, error);
    }
  }
  return [...networks];
}
