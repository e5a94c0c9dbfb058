import type { Database } from '@trackly-tune/database';
import type { Queues } from '@trackly-tune/queues';
import type { Logger } from '@trackly-tune/service-runtime';
import { startDueOfferRuns } from '../use-cases/start-due-offer-runs.js';

/** Finds schedules whose tick the queue lost, and starts them without the queue's help. */
export function startDueOfferSchedules(deps: {
  db: Database;
  queues: Pick<Queues, 'signal'>;
  logger: Logger;
}): () => Promise<void> {
  const { db, queues, logger } = deps;
  return async () => {
    const networks = await startDueOfferRuns(db, (integrationId, error) =>
      logger.error({ integration_id: String(integrationId), err: error }, 'a schedule could not be started'),
    );
    await Promise.all(networks.map((networkId) => queues.signal('sync-network-offers', { networkId })));
  };
}
