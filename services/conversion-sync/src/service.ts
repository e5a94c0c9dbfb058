import { sweepSlicePages } from '@trackly-tune/database';
import { toPublicId } from '@trackly-tune/domain';
import { createWorker } from '@trackly-tune/queues';
import { openWorker, type OpenTune } from '@trackly-tune/service-stores';
import {
  createBacklogMetrics,
  createSliceWork,
  holdIntegrationSchedules,
  parkedSchedules,
  watchDueSchedules,
  watchWaitingNetworks,
} from '@trackly-tune/sync-engine';
import { createKeyRing, runEvery, systemClock, VERSION, type ServiceContext } from '@trackly-tune/service-runtime';
import type { ConversionSyncConfig } from './config.js';
import { pullNetworkJob } from './jobs/pull-network.js';
import { scheduledPullJob } from './jobs/scheduled-pull.js';
import { createPullOne } from './pull-one.js';
import { endStoppedRuns } from './reconcilers/end-stopped-runs.js';
import { findWaitingNetworks } from './reconcilers/find-waiting-networks.js';
import { createBackgroundTurns } from './use-cases/background-turns.js';
import { rereadRejected } from './use-cases/reread-rejected.js';
import { scheduledChanges } from './use-cases/scheduled-changes.js';
import { scheduledPulls } from './use-cases/scheduled-pulls.js';

/** Of 5,000 rows, the largest page that can be set, each may have 1,600 bytes; usual are 500. */
const ANSWER_LIMITS = { responseBytesMax: 8 * 1024 * 1024 };
const LOOK_EVERY_MS = 2_000;
const STOPPED_EVERY_MS = 5_000;
const RETRY_EVERY_MS = 5_000;
const SCHEDULES_EVERY_MS = 60_000;
const REREAD_EVERY_MS = 10 * 60_000;

export interface ConversionSyncDeps {
  /** Opens the way to TUNE; `openTune` in earnest. */
  readonly openTune: OpenTune;
  readonly pid: number;
}

/**
 * Builds the worker: each resource is registered in the line after the one that opens it, and closed in the opposite
 * order. Comes up while the stores are away and waits for them. Returns where its health can be asked for.
 */
export async function startConversionSync(
  context: ServiceContext<ConversionSyncConfig>,
  deps: ConversionSyncDeps,
): Promise<{ healthPort: number | null }> {
  const { config, logger, metrics: registry, stack, signal } = context;
  const { REDIS_URL: redisUrl, QUEUE_PREFIX: prefix } = config;
  const { db, queues, parking, loopWatch, healthPort, untilMigrated } = await openWorker(context, {
    name: 'conversion-sync',
    connectionsMax: config.DATABASE_CONNECTIONS_MAX,
  });
  const metrics = createBacklogMetrics(registry, db, {
    logger,
    kind: 'conversions',
    overdueName: 'trackly_schedule_overdue_seconds',
    waitingName: 'trackly_pull_oldest_waiting_seconds',
  });
  await untilMigrated();

  const clients = deps.openTune({ config, db, logger, metrics: registry, limits: ANSWER_LIMITS });
  stack.defer('TUNE clients', () => clients.close());
  const keyRing = createKeyRing(config.ENCRYPTION_KEYS);
  const { PULL_PAGE_ROWS_MAX: pageRowsMax, PULL_CONCURRENCY: concurrency, NETWORK_LEASE_MS: leaseMs } = config;
  const background = createBackgroundTurns(Math.max(1, Math.floor(concurrency / 2)));
  const sliceWork = createSliceWork({ clients, keyRing, pid: deps.pid, logger, metrics });
  const pull = createPullOne({ db, queues, sliceWork, background, pageRowsMax, leaseMs });

  const worker = createWorker({
    queue: 'conversion-sync',
    handlers: {
      'pull-network': pullNetworkJob({ pull, queues }),
      'scheduled-pull': scheduledPullJob({ db, queues }),
    },
    concurrency,
    redisUrl,
    prefix,
    logger,
    observe: metrics.observeJob,
  });
  stack.defer('worker', (limits) => worker.close(limits));

  const waiting = watchWaitingNetworks({
    find: findWaitingNetworks({ db, background }),
    signalWork: (networkId) => queues.signal('pull-network', { networkId }),
    work: pull,
    directAfterMs: config.DIRECT_AFTER_MS,
    networksMax: concurrency,
    now: () => performance.now(),
    logger,
  });
  stack.defer('waiting networks', () => waiting.settled());
  const schedules = {
    db,
    parking,
    works: [scheduledPulls, scheduledChanges(Math.random)],
    signalWork: (networkId: string) => queues.signal('pull-network', { networkId, urgent: true }),
  };
  const stopped = endStoppedRuns({ db, metrics });
  const loops = [
    { name: 'start-due-schedules', everyMs: LOOK_EVERY_MS, run: watchDueSchedules(schedules) },
    { name: 'forget-slice-pages', everyMs: STOPPED_EVERY_MS, run: () => sweepSlicePages(db, 'conversions:') },
    { name: 'pull-waiting-networks', everyMs: LOOK_EVERY_MS, run: (stop: AbortSignal) => waiting.look(stop) },
    { name: 'end-stopped-runs', everyMs: STOPPED_EVERY_MS, run: async () => void (await parking.attempt(stopped)) },
    {
      name: 'retry-parked',
      everyMs: RETRY_EVERY_MS,
      run: async (stop: AbortSignal) => void (await parking.retry([...parkedSchedules(schedules), stopped], stop)),
    },
    {
      name: 'reread-rejected-rows',
      everyMs: REREAD_EVERY_MS,
      run: (stop: AbortSignal) =>
        rereadRejected({
          db,
          rules: VERSION,
          signal: stop,
          onFacts: () => void queues.signal('settle-pending', {}),
          onUnexpected: (error, id) =>
            logger.error(
              { integration_id: toPublicId('integration', id), err: error },
              'rejected rows could not be read again',
            ),
        }),
    },
    {
      name: 'hold-pull-schedules',
      everyMs: SCHEDULES_EVERY_MS,
      run: holdIntegrationSchedules({
        kind: 'conversions',
        job: 'scheduled-pull',
        db,
        queues,
        clock: systemClock,
        logger,
      }),
    },
  ].map((loop) => runEvery({ ...loop, logger, signal, watch: loopWatch }));
  stack.defer('reconcilers', async () => void (await Promise.all(loops.map((loop) => loop.stop()))));
  return { healthPort };
}
