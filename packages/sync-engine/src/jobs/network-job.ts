import type { RunNetwork } from '../sync-work.js';

/** Works on a network whose slices may be due; when it yielded before the end, it is woken again. */
export function networkJob(deps: {
  run: RunNetwork;
  wake: (networkId: string) => Promise<unknown>;
}): (payload: { networkId: string }, context: { signal: AbortSignal }) => Promise<void> {
  return async ({ networkId }, { signal }) => {
    const outcome = await deps.run(networkId, signal);
    // A worker that stops hands the job back instead of calling it done.
    signal.throwIfAborted();
    if (outcome === 'more') await deps.wake(networkId);
  };
}
