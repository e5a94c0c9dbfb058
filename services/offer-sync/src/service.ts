import type { ServiceContext } from '@trackly-tune/service-runtime';
import { networkJob, scheduleTickJob, startSyncWorker, type SyncWorkerDeps } from '@trackly-tune/sync-engine';
import { createCatalogueWork } from './catalogue-work.js';
import type { OfferSyncConfig } from './config.js';
import { expireDueOffers } from './reconcilers/expire-offers.js';
import { forgetPages } from './reconcilers/forget-pages.js';
import { scheduledOfferSyncs } from './use-cases/scheduled-offer-syncs.js';

const EXPIRE_EVERY_MS = 2_000;
const FORGET_EVERY_MS = 5_000;

/** Starts the worker that keeps offers in step with their catalogues. Returns where its health can be asked for. */
export async function startOfferSync(
  context: ServiceContext<OfferSyncConfig>,
  deps: SyncWorkerDeps,
): Promise<{ healthPort: number | null }> {
  const { config } = context;
  return startSyncWorker(context, deps, {
    name: 'offer-sync',
    metrics: {
      overdueName: 'trackly_offer_schedule_overdue_seconds',
      waitingName: 'trackly_offers_oldest_waiting_seconds',
    },
    stoppedAs: 'stopped_offer_sync',
    tickJob: 'scheduled-offer-sync',
    schedules: [scheduledOfferSyncs],
    concurrency: config.OFFER_CONCURRENCY,
    connectionsMax: config.DATABASE_CONNECTIONS_MAX,
    work: ({ db }) => createCatalogueWork({ db, pageOffersMax: config.OFFER_PAGE_MAX }),
    wake: (queues, networkId) => queues.wake('sync-network-offers', { networkId }),
    handlers: ({ db, wake }, run) => ({
      'sync-network-offers': networkJob({ run, wake }),
      'scheduled-offer-sync': scheduleTickJob({ db, scheduled: scheduledOfferSyncs, wake }),
    }),
    parkable: ({ db }) => [
      { name: 'expire-offers', everyMs: EXPIRE_EVERY_MS, work: expireDueOffers(db) },
      { name: 'forget-catalogue-pages', everyMs: FORGET_EVERY_MS, work: forgetPages(db) },
    ],
  });
}
