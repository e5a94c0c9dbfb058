import type { Handlers, Queues } from '@trackly-tune/queues';
import type { PullOne } from '../pull-one.js';

/** Works on a network whose slices may be due; when it gave way before the end, it is signalled again. */
export function pullNetworkJob(deps: {
  pull: PullOne;
  queues: Pick<Queues, 'signal'>;
}): NonNullable<Handlers['pull-network']> {
  return async ({ networkId }, { signal }) => {
    const outcome = await deps.pull(networkId, signal);
    // A worker that stops hands the job back instead of calling it done.
    signal.throwIfAborted();
    if (outcome === 'more') await deps.queues.signal('pull-network', { networkId });
  };
}
