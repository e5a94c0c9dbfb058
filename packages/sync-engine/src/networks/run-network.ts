import { nextSlice, SLICE_PRIORITY, type DueSlice, type NetworkLease } from '@trackly-tune/database';
import type { NetworkOutcome, RunNetwork } from '../sync-work.js';
import { orPostpone } from './or-postpone.js';
import { withNetworkLease } from './with-network-lease.js';
import type { NetworkRunnerDeps, RunnerTimes } from './runner-deps.js';
import { workOnSlice, type SliceOptions } from './work-on-slice.js';

export const RUNNER_TIMES: Omit<RunnerTimes, 'retryAfterMs'> = {
  sliceBudgetMs: 20_000,
  networkBudgetMs: 120_000,
  lookForUrgentMs: 250,
};

/** Slice after slice until nothing is due, the turn for the background is refused, or the network's time is over. */
async function workWhileDue(options: SliceOptions, lease: NetworkLease): Promise<NetworkOutcome> {
  const { db, signal, now, background, host } = options;
  const startedMs = now();
  let turn: (() => void) | null = null;
  try {
    while (!signal.aborted && now() - startedMs < options.networkBudgetMs) {
      const slice: DueSlice | null = await nextSlice(db, lease.leaseKey);
      if (!slice) return 'idle';
      if (slice.priority < SLICE_PRIORITY.backfill) {
        turn?.();
        turn = null;
      } else {
        turn ??= background.take();
        if (turn === null) return 'background';
      }
      const postponing = { db, signal, onUnexpected: host.onUnexpected };
      await orPostpone(postponing, { slice, lease }, () => workOnSlice(options, slice, lease));
    }
    return turn === null || signal.aborted ? 'more' : 'background';
  } finally {
    turn?.();
  }
}

/**
 * Works on one network for a bounded time: takes its lease, then slice after slice, each yielding after its budget.
 * Ends `held` when another worker has the network, `background` when only a backfill is left whose turn is over or did
 * not come, else `idle` or `more`.
 */
export function createNetworkRunner(deps: NetworkRunnerDeps): RunNetwork {
  const { db, work, host, urgent, leaseMs } = deps;
  return async (networkId, signal) => {
    const leased = { leaseKey: `${work.story}:${networkId}`, holder: host.holder, leaseMs, signal };
    const outcome = await withNetworkLease(db, leased, (lease) => workWhileDue({ ...deps, signal }, lease));
    // Whoever holds it in this process is told at once that there is work.
    if (outcome === 'held') urgent.look(networkId);
    return outcome;
  };
}
