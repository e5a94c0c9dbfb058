import type { Handlers, Queues } from '@trackly-tune/queues';
import type { SyncOne } from '../sync-one.js';

/** Works on a network whose offers may be due; when it gave way before the end, it is signalled again. */
export function syncNetworkOffersJob(deps: {
  sync: SyncOne;
  queues: Pick<Queues, 'signal'>;
}): NonNullable<Handlers['sync-network-offers']> {
  return async ({ networkId }, { signal }) => {
    const outcome = await deps.sync(networkId, signal);
    // A worker that stops hands the job back instead of calling it done.
    signal.throwIfAborted();
    if (outcome === 'more') await deps.queues.signal('sync-network-offers', { networkId });
  };
}
