import { networksWithWork, sweepSlicePages } from '@trackly-tune/database';
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
import { createKeyRing, runEvery, systemClock, type ServiceContext } from '@trackly-tune/service-runtime';
import type { OfferSyncConfig } from './config.js';
import { syncNetworkOffersJob } from './jobs/sync-network-offers.js';
import { scheduledOfferSyncJob } from './jobs/scheduled-offer-sync.js';
import { createSyncOne } from './sync-one.js';
import { expireDueOffers } from './reconcilers/expire-offers.js';
import { endStoppedRuns, forgetPages } from './reconcilers/end-stopped-runs.js';
import { scheduledOfferSyncs } from './use-cases/scheduled-offer-syncs.js';

const LOOK_EVERY_MS = 2_000;
const STOPPED_EVERY_MS = 5_000;
const RETRY_EVERY_MS = 5_000;
const SCHEDULES_EVERY_MS = 60_000;

export interface OfferSyncDeps {
  /** Opens the way to TUNE; `openTune` in earnest. */
  readonly openTune: OpenTune;
  readonly pid: number;
}

/**
 * Builds the worker: each resource is registered in the line after the one that opens it, and closed in the opposite
 * order. Comes up while the stores are away and waits for them. Returns where its health can be asked for.
 */
export async function startOfferSync(
  context: ServiceContext<OfferSyncConfig>,
  deps: OfferSyncDeps,
): Promise<{ healthPort: number | null }> {
  const { config, logger, metrics: registry, stack, signal } = context;
  const { REDIS_URL: redisUrl, QUEUE_PREFIX: prefix } = config;
  const { db, queues, parking, loopWatch, healthPort, untilMigrated } = await openWorker(context, {
    name: 'offer-sync',
    connectionsMax: config.DATABASE_CONNECTIONS_MAX,
  });
  const metrics = createBacklogMetrics(registry, db, {
    logger,
    kind: 'offers',
    overdueName: 'trackly_offer_schedule_overdue_seconds',
    waitingName: 'trackly_offers_oldest_waiting_seconds',
  });
  await untilMigrated();

  const clients = deps.openTune({ config, db, logger, metrics: registry });
  stack.defer('TUNE clients', () => clients.close());
  const keyRing = createKeyRing(config.ENCRYPTION_KEYS);
  const { OFFER_PAGE_MAX: pageOffersMax, OFFER_CONCURRENCY: concurrency, NETWORK_LEASE_MS: leaseMs } = config;
  const sliceWork = createSliceWork({ clients, keyRing, pid: deps.pid, logger, metrics });
  const sync = createSyncOne({ db, sliceWork, pageOffersMax, leaseMs });

  const worker = createWorker({
    queue: 'offer-sync',
    handlers: {
      'sync-network-offers': syncNetworkOffersJob({ sync, queues }),
      'scheduled-offer-sync': scheduledOfferSyncJob({ db, queues }),
    },
    concurrency,
    redisUrl,
    prefix,
    logger,
    observe: metrics.observeJob,
  });
  stack.defer('worker', (limits) => worker.close(limits));

  const signalWork = (networkId: string) => queues.signal('sync-network-offers', { networkId });
  const waiting = watchWaitingNetworks({
    find: async () => (await networksWithWork(db, 'offers:')).map(({ networkId }) => networkId),
    signalWork,
    work: sync,
    directAfterMs: config.DIRECT_AFTER_MS,
    networksMax: concurrency,
    now: () => performance.now(),
    logger,
  });
  stack.defer('waiting networks', () => waiting.settled());
  const schedules = { db, parking, works: [scheduledOfferSyncs], signalWork };
  const stopped = [endStoppedRuns({ db, metrics }), forgetPages(db)];
  const expiry = expireDueOffers(db);
  const loops = [
    { name: 'start-due-schedules', everyMs: LOOK_EVERY_MS, run: watchDueSchedules(schedules) },
    { name: 'forget-slice-pages', everyMs: STOPPED_EVERY_MS, run: () => sweepSlicePages(db, 'offers:') },
    { name: 'expire-offers', everyMs: LOOK_EVERY_MS, run: async () => void (await parking.attempt(expiry)) },
    { name: 'sync-waiting-networks', everyMs: LOOK_EVERY_MS, run: (stop: AbortSignal) => waiting.look(stop) },
    {
      name: 'end-stopped-runs',
      everyMs: STOPPED_EVERY_MS,
      async run() {
        for (const work of stopped) await parking.attempt(work);
      },
    },
    {
      name: 'retry-parked',
      everyMs: RETRY_EVERY_MS,
      run: async (stop: AbortSignal) =>
        void (await parking.retry([...parkedSchedules(schedules), ...stopped, expiry], stop)),
    },
    {
      name: 'hold-offer-schedules',
      everyMs: SCHEDULES_EVERY_MS,
      run: holdIntegrationSchedules({
        kind: 'offers',
        job: 'scheduled-offer-sync',
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
