import type { BudgetUsage, ObservedRateBudget } from './rate-budget.js';
import type { RateBudget } from './types.js';

export interface NetworkBudgetUsage extends BudgetUsage {
  readonly networkId: string;
}

export interface WatchedRateBudget extends RateBudget {
  /** The use of the networks called lately through this object, at most `networksMax`. Throws TuneError. */
  recentUsage(): Promise<NetworkBudgetUsage[]>;
}

const NETWORKS_MAX = 20;
const LATELY_MS = 10 * 60_000;

/** Remembers which networks were called lately, so that metrics can ask for their budgets and for no others. */
export function watchRateBudget(
  budget: ObservedRateBudget,
  options: { networksMax?: number; latelyMs?: number; now?: () => number } = {},
): WatchedRateBudget {
  const { networksMax = NETWORKS_MAX, latelyMs = LATELY_MS, now = () => performance.now() } = options;
  /** In the order of the last call. */
  const called = new Map<string, number>();
  return {
    take(networkId, given) {
      called.delete(networkId);
      called.set(networkId, now());
      if (called.size > networksMax) called.delete(called.keys().next().value ?? '');
      return budget.take(networkId, given);
    },
    limited: (networkId) => budget.limited(networkId),
    recentUsage() {
      const since = now() - latelyMs;
      const recent = [...called].filter(([, at]) => at >= since).map(([networkId]) => networkId);
      return Promise.all(recent.map(async (networkId) => ({ networkId, ...(await budget.usage(networkId)) })));
    },
  };
}
