import { setTimeout as sleep } from 'node:timers/promises';
import { FAULT_KINDS, type FaultKind } from '@trackly-tune/tune-simulator';
import type { CrashWorld } from './crash-world.js';
import type { Random } from './random.js';

/** What befalls the stores and the workers; services are killed in any case. */
export const DISRUPTIONS = [
  'end-connections',
  'restart-postgres',
  'kill-postgres',
  'empty-redis',
  'restart-redis',
  'kill-redis',
  'redis-away',
  'postgres-away',
  'freeze-worker',
] as const;
export type Disruption = (typeof DISRUPTIONS)[number];

/** Faults that pass; what is permanent (a wrong token) would end runs and rightly so. */
const LASTING: readonly FaultKind[] = [
  ...(['ip_not_allowed', 'network_unknown', 'token_rejected', 'permission_denied', 'forbidden_field'] as const),
  // Whether it passes nobody knows; a question that TUNE refuses in such words is not asked again for a while.
  'odd_refusal',
  // A whole report of nothing: of conversions it cannot be told from the truth.
  'emptied_list',
  // 256 MiB each: the bench of patience, not of this.
  'huge',
];
export const PASSING_FAULTS = FAULT_KINDS.filter((kind) => !LASTING.includes(kind));
const FAULT_SHARE = 1 / 3;
/** A job of a worker that shows no sign of life is taken up by another after 30 to 45 s. */
const FROZEN_MS = 50_000;

/** From now on a third of all calls to TUNE meet a fault. */
export function beginFaults({ simulator }: CrashWorld, seed: number): void {
  simulator.faults.set({ rate: FAULT_SHARE, kinds: PASSING_FAULTS, seed, durationMs: 1_500 });
}

/**
 * A worker that works stops in the middle of whatever it does, as on a machine without memory, for longer than it owns
 * its job: another copy takes the stalled job up, and then both are at it.
 */
async function freezeWorker({ services }: CrashWorld, random: Random): Promise<void> {
  const workers = services.all.filter(({ name, process: one }) => name !== 'api' && one.pid() !== null);
  if (workers.length === 0) return;
  const pid = random.pick(workers).process.pid();
  if (pid === null || !signalProcess(pid, 'SIGSTOP')) return;
  await sleep(FROZEN_MS);
  signalProcess(pid, 'SIGCONT');
}

/** False where the process is gone: one that was killed a moment ago still has its number. */
function signalProcess(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

export async function disrupt(
  world: CrashWorld,
  disruption: Disruption,
  { awayMs, random }: { awayMs: number; random: Random },
): Promise<void> {
  const { postgres, redis } = world.stores;
  switch (disruption) {
    case 'end-connections':
      await postgres.endConnections();
      return;
    case 'restart-postgres':
      await postgres.stop();
      return postgres.start();
    case 'kill-postgres':
      await postgres.kill();
      return postgres.start();
    case 'empty-redis':
      return redis.empty();
    case 'restart-redis':
      await redis.stop();
      return redis.start();
    case 'kill-redis':
      await redis.kill();
      return redis.start();
    case 'redis-away':
      await redis.stop();
      await sleep(awayMs);
      return redis.start();
    case 'postgres-away':
      await postgres.stop();
      await sleep(awayMs);
      return postgres.start();
    case 'freeze-worker':
      return freezeWorker(world, random);
  }
}

/** Kills one service without warning, one that works if there is any. Returns its name; null when none runs. */
export async function killService({ services }: CrashWorld, random: Random): Promise<string | null> {
  const alive = services.all.filter(({ process: one }) => one.pid() !== null);
  const ready: typeof alive = [];
  for (const service of alive) if (await service.isReady()) ready.push(service);
  // Now and then one that is only just starting.
  const among = ready.length > 0 && random.next() < 0.9 ? ready : alive;
  if (among.length === 0) return null;
  const service = random.pick(among);
  const pid = service.process.pid();
  if (pid === null) return null;
  return signalProcess(pid, 'SIGKILL') ? service.name : null;
}
