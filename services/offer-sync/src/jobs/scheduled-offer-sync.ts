import type { Database } from '@trackly-tune/database';
import { rowIdOf } from '@trackly-tune/domain';
import type { Handlers, Queues } from '@trackly-tune/queues';
import { startDueSchedule } from '@trackly-tune/sync-engine';
import { scheduledOfferSyncs } from '../use-cases/scheduled-offer-syncs.js';

/** The queue's tick of one integration's offer schedule. PostgreSQL says whether anything is due. */
export function scheduledOfferSyncJob(deps: {
  db: Database;
  queues: Pick<Queues, 'signal'>;
}): NonNullable<Handlers['scheduled-offer-sync']> {
  return async ({ integrationId }) => {
    const networkId = await startDueSchedule(deps.db, scheduledOfferSyncs, rowIdOf('integration', integrationId));
    if (networkId !== null) await deps.queues.signal('sync-network-offers', { networkId });
  };
}
