import { sweepSlicePages, type Database, type StoppedRuns } from '@trackly-tune/database';
import { createWorker, type Handlers, type HandlersOf, type QueueName, type Queues } from '@trackly-tune/queues';
import { createKeyRing, runEvery, systemClock, type Logger, type ServiceContext } from '@trackly-tune/service-runtime';
import { openWorker, type OpenTune, type ParkableWork, type TuneSettings } from '@trackly-tune/service-stores';
import type { TuneLimits } from '@trackly-tune/tune-client';
import { createBacklogMetrics } from './backlog-metrics.js';
import { createBackgroundTurns } from './networks/background-turns.js';
import { findWaitingNetworks } from './networks/find-waiting-networks.js';
import { createNetworkRunner, RUNNER_TIMES } from './networks/run-network.js';
import { createSliceHost } from './networks/slice-host.js';
import { createUrgentWatches } from './networks/watch-urgent.js';
import { watchWaitingNetworks } from './networks/watch-waiting-networks.js';
import { endStoppedRuns } from './runs/end-stopped-runs.js';
import { holdIntegrationSchedules } from './schedules/hold-integration-schedules.js';
import { parkedSchedules, watchDueSchedules, type ScheduledWork } from './schedules/start-due-schedules.js';
import type { RunNetwork, SyncWork } from './sync-work.js';

const LOOK_EVERY_MS = 2_000;
const STOPPED_EVERY_MS = 5_000;
const RETRY_EVERY_MS = 5_000;
const SCHEDULES_EVERY_MS = 60_000;

/** Wakes a worker for a network; `urgent` when it goes before what is waiting. */
export type WakeNetwork = (networkId: string, options?: { urgent: true }) => Promise<unknown>;

/** What a worker's own parts are built of. */
export interface SyncWorkerParts {
  readonly db: Database;
  readonly queues: Queues;
  readonly logger: Logger;
  readonly wake: WakeNetwork;
}

/** Something done again and again by each copy of the worker. */
export interface SyncLoop {
  readonly name: string;
  readonly everyMs: number;
  run(stop: AbortSignal): Promise<void>;
}

/** Work of a worker that is parked where it fails alone, and is looked for again and again. */
export interface ParkableLoop {
  readonly name: string;
  readonly everyMs: number;
  readonly work: ParkableWork<unknown>;
}

/** What makes a worker that syncs with networks the one it is. */
export interface SyncWorker<Queue extends QueueName> {
  readonly name: Queue;
  readonly metrics: { readonly overdueName: string; readonly waitingName: string };
  readonly stoppedAs: StoppedRuns['kind'];
  readonly tickJob: 'scheduled-pull' | 'scheduled-offer-sync';
  readonly schedules: readonly ScheduledWork[];
  /** Networks worked on at once. */
  readonly concurrency: number;
  /** Connections to PostgreSQL of one process. */
  readonly connectionsMax: number;
  /** Bounds of TUNE's answers that differ from the usual ones. */
  readonly answerLimits?: Partial<TuneLimits>;
  work(parts: SyncWorkerParts): SyncWork;
  handlers(parts: SyncWorkerParts, run: RunNetwork): Handlers & HandlersOf<Queue>;
  wake(queues: Queues, ...wanted: Parameters<WakeNetwork>): Promise<unknown>;
  /** What it parks beside schedules and stopped runs. */
  parkable?(parts: SyncWorkerParts): readonly ParkableLoop[];
  loops?(parts: SyncWorkerParts): readonly SyncLoop[];
}

export interface SyncWorkerDeps {
  /** Opens the way to TUNE; `openTune` outside tests. */
  readonly openTune: OpenTune;
  readonly pid: number;
}

/**
 * Starts a worker that syncs with networks: each resource is registered in the line after the one that opens it, and
 * closed in the opposite order. Comes up while the stores are away and waits for them. Returns where its health can be
 * asked for.
 */
export async function startSyncWorker<Queue extends QueueName>(
  context: ServiceContext<TuneSettings>,
  deps: SyncWorkerDeps,
  worker: SyncWorker<Queue>,
): Promise<{ healthPort: number | null }> {
  const { config, logger, metrics: registry, stack, signal } = context;
  const { REDIS_URL: redisUrl, QUEUE_PREFIX: prefix, NETWORK_LEASE_MS: leaseMs, RETRY_AFTER_MS: retryAfterMs } = config;
  const { name, concurrency, connectionsMax, answerLimits = {} } = worker;
  const opened = await openWorker(context, { name, connectionsMax });
  const { db, queues, parking, loopWatch, healthPort, untilMigrated } = opened;
  const wake: WakeNetwork = (networkId, options) => worker.wake(queues, networkId, options);
  const parts = { db, queues, logger, wake };
  const work = worker.work(parts);
  const { story } = work;
  const metrics = createBacklogMetrics(registry, db, { ...worker.metrics, logger, kind: story });
  await untilMigrated();

  const clients = deps.openTune({ config, db, logger, metrics: registry, limits: answerLimits });
  stack.defer('TUNE clients', () => clients.close());
  const keyRing = createKeyRing(config.ENCRYPTION_KEYS);
  const host = createSliceHost({ clients, keyRing, pid: deps.pid, logger, metrics });
  const background = createBackgroundTurns(Math.max(1, Math.floor(concurrency / 2)));
  const now = () => performance.now();
  const urgent = createUrgentWatches();
  const run = createNetworkRunner({ ...RUNNER_TIMES, retryAfterMs, db, work, host, background, urgent, leaseMs, now });

  const handlers = worker.handlers(parts, run);
  const observe = metrics.observeJob;
  const consumer = createWorker({ queue: name, handlers, concurrency, redisUrl, prefix, logger, observe });
  stack.defer('worker', (limits) => consumer.close(limits));

  const waiting = watchWaitingNetworks({
    find: findWaitingNetworks({ db, story, background }),
    wake,
    work: run,
    directAfterMs: config.DIRECT_AFTER_MS,
    networksMax: concurrency,
    now,
    logger,
  });
  stack.defer('waiting networks', () => waiting.settled());

  const wakeUrgently = (networkId: string) => wake(networkId, { urgent: true });
  const schedules = { db, parking, works: worker.schedules, wake: wakeUrgently };
  const stopped = endStoppedRuns({ db, metrics, stopped: { prefix: `${story}:`, kind: worker.stoppedAs } });
  const parkable: ParkableLoop[] = [
    { name: 'end-stopped-runs', everyMs: STOPPED_EVERY_MS, work: stopped },
    ...(worker.parkable?.(parts) ?? []),
  ];
  const parkableWork = [...parkedSchedules(schedules), ...parkable.map(({ work: parked }) => parked)];
  const ticks = { kind: story, job: worker.tickJob, db, queues, clock: systemClock, logger };
  const loops: SyncLoop[] = [
    { name: 'start-due-schedules', everyMs: LOOK_EVERY_MS, run: watchDueSchedules(schedules) },
    { name: 'work-on-waiting-networks', everyMs: LOOK_EVERY_MS, run: (stop) => waiting.look(stop) },
    { name: 'forget-slice-pages', everyMs: STOPPED_EVERY_MS, run: () => sweepSlicePages(db, `${story}:`) },
    {
      name: 'retry-parked',
      everyMs: RETRY_EVERY_MS,
      run: async (stop) => void (await parking.retry(parkableWork, stop)),
    },
    { name: 'hold-schedules', everyMs: SCHEDULES_EVERY_MS, run: holdIntegrationSchedules(ticks) },
    ...parkable.map(({ name: loop, everyMs, work: parked }) => ({
      ...{ name: loop, everyMs },
      run: async () => void (await parking.attempt(parked)),
    })),
    ...(worker.loops?.(parts) ?? []),
  ];
  const running = loops.map((loop) => runEvery({ ...loop, logger, signal, watch: loopWatch }));
  stack.defer('reconcilers', async () => void (await Promise.all(running.map((loop) => loop.stop()))));
  return { healthPort };
}
