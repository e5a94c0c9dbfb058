import {
  claimDueSchedule,
  integrationsDue,
  inTransaction,
  logIntegration,
  nextScheduledAt,
  setNextAt,
  type Database,
  type DueSchedule,
  type ParkableItem,
  type Tx,
} from '@trackly-tune/database';
import { isEverybodys } from '@trackly-tune/service-stores';
import type { ParkableWork, Parking } from '@trackly-tune/service-stores';

/** What a kind of schedule starts when it is due. */
export interface ScheduledWork {
  readonly kind: DueSchedule['kind'];
  /** E.g. "pull": what people read when one is not finished yet. */
  readonly name: string;
  /** Creates the run; false when one is still open. The schedule has been moved on in this transaction. */
  start(tx: Tx, due: DueSchedule): Promise<boolean>;
}

const SCHEDULES_MAX = 100;
/** Later than this, a schedule was silent: said aloud, and repaired by being run now. */
const SILENT_AFTER_MS = 15 * 60_000;

/** Writes the line that people look for when a schedule did not come by itself. */
async function sayIfSilent(tx: Tx, { integrationId, now, nextAt }: DueSchedule, name: string): Promise<void> {
  if (now.getTime() - nextAt.getTime() <= SILENT_AFTER_MS) return;
  await logIntegration(tx, {
    integrationId,
    level: 'warn',
    code: 'schedule_was_silent',
    message: `The ${name} planned for ${nextAt.toISOString()} did not happen; it starts now`,
  });
}

/**
 * Creates the run of an integration's schedule when it is due, and moves the schedule on in the same transaction.
 * PostgreSQL says what is due; the queue's tick and the reconciler both end here. Returns the network with new work.
 */
export async function startDueSchedule(
  db: Database,
  work: ScheduledWork,
  integrationId: bigint,
): Promise<string | null> {
  const { kind, name } = work;
  return inTransaction(db, async (tx) => {
    const due = await claimDueSchedule(tx, { kind, integrationId });
    if (!due) return null;
    await setNextAt(tx, { integrationId, kind, nextAt: nextScheduledAt(integrationId, due.everyMs, due.now) });
    await sayIfSilent(tx, due, name);
    if (await work.start(tx, due)) return due.networkId;
    await logIntegration(tx, {
      integrationId,
      level: 'info',
      code: 'run_still_open',
      message: `The previous ${name} is not finished; no second one was started`,
    });
    return null;
  });
}

/**
 * Starts whatever is due, each schedule in a transaction of its own: one that cannot be started is given to `onFailed`,
 * stays due, and keeps no other from its turn. Returns the networks with new work.
 */
export async function startDueSchedules(
  db: Database,
  works: readonly ScheduledWork[],
  onFailed: (integration: ParkableItem, error: unknown, kind: ScheduledWork['kind']) => Promise<void> | void,
): Promise<string[]> {
  const networks = new Set<string>();
  for (const work of works) {
    for (const integration of await integrationsDue(db, { kind: work.kind, schedulesMax: SCHEDULES_MAX })) {
      try {
        const networkId = await startDueSchedule(db, work, integration.id);
        if (networkId !== null) networks.add(networkId);
      } catch (error) {
        if (isEverybodys(error)) throw error;
        await onFailed(integration, error, work.kind);
      }
    }
  }
  return [...networks];
}

export interface DueScheduleDeps {
  readonly db: Database;
  readonly parking: Parking;
  readonly works: readonly ScheduledWork[];
  readonly wake: (networkId: string) => Promise<unknown>;
}

/**
 * The reconciler of schedules: finds those whose tick the queue lost, or that have none, and starts them. One that
 * cannot be started is parked.
 */
export function watchDueSchedules({ db, parking, works, wake }: DueScheduleDeps): () => Promise<void> {
  return async () => {
    const networks = await startDueSchedules(db, works, (integration, error, kind) =>
      parking.park(`${kind}_schedule`, integration, error),
    );
    await Promise.all(networks.map(wake));
  };
}

/** What tries parked schedules again. */
export function parkedSchedules({ db, works, wake }: DueScheduleDeps): ParkableWork<void>[] {
  return works.map((scheduled) => ({
    kind: `${scheduled.kind}_schedule` as const,
    next: () => integrationsDue(db, { kind: scheduled.kind, schedulesMax: SCHEDULES_MAX }),
    async work(only) {
      for (const integrationId of only ?? []) {
        const networkId = await startDueSchedule(db, scheduled, integrationId);
        if (networkId !== null) await wake(networkId);
      }
    },
  }));
}
