import type { Database } from '@trackly-tune/database';
import type { SliceWork } from '@trackly-tune/sync-engine';
import { syncNetworkOffers } from './use-cases/sync-network-offers.js';

/** Works on the offers of one network as far as its budget reaches. */
export type SyncOne = (networkId: string, signal: AbortSignal) => Promise<'held' | 'idle' | 'more'>;

/** A catalogue gives way after this long at its next page, so that integrations of one network take turns. */
const SLICE_BUDGET_MS = 20_000;
const NETWORK_BUDGET_MS = 120_000;

export interface SyncOneDeps {
  readonly db: Database;
  readonly sliceWork: SliceWork;
  readonly pageOffersMax: number;
  readonly leaseMs: number;
}

/** Puts the sync of a network together with what this process has. */
export function createSyncOne(deps: SyncOneDeps): SyncOne {
  const { sliceWork, ...given } = deps;
  return (networkId, signal) =>
    syncNetworkOffers({
      ...given,
      ...sliceWork,
      networkId,
      signal,
      openClient: (slice) => sliceWork.openClient(slice, 'live'),
      sliceBudgetMs: SLICE_BUDGET_MS,
      networkBudgetMs: NETWORK_BUDGET_MS,
      now: () => performance.now(),
    });
}
