import { hostname } from 'node:os';
import type { Database, DueSlice } from '@trackly-tune/database';
import { tokenContext, type KeyRing, type Logger } from '@trackly-tune/service-runtime';
import type { TuneClients } from '@trackly-tune/tune-client';
import type { OfferMetrics } from './metrics.js';
import { syncNetworkOffers } from './use-cases/sync-network-offers.js';

/** Works on the offers of one network as far as its budget reaches. */
export type SyncOne = (networkId: string, signal: AbortSignal) => Promise<'held' | 'idle' | 'more'>;

/** A catalogue gives way after this long at its next page, so that integrations of one network take turns. */
const SLICE_BUDGET_MS = 20_000;
const NETWORK_BUDGET_MS = 120_000;

export interface SyncOneDeps {
  readonly db: Database;
  readonly clients: Pick<TuneClients, 'open'>;
  readonly keyRing: KeyRing;
  readonly pageOffersMax: number;
  readonly leaseMs: number;
  readonly pid: number;
  readonly logger: Logger;
  readonly metrics: Pick<OfferMetrics, 'runEnded'>;
}

/** Puts the sync of a network together with what this process has. A token is unsealed for the call only. */
export function createSyncOne(deps: SyncOneDeps): SyncOne {
  const { db, clients, keyRing, pageOffersMax, leaseMs, pid, logger, metrics } = deps;
  const openClient = (slice: DueSlice) =>
    clients.open({
      networkId: slice.networkId,
      networkToken: keyRing.open(slice.networkTokenSealed, tokenContext(slice.integrationId)),
      lane: 'live',
    });
  const linesOf = (slice: DueSlice) => ({
    network_id: slice.networkId,
    integration_id: String(slice.integrationId),
    run_id: String(slice.runId),
  });
  return (networkId, signal) =>
    syncNetworkOffers({
      db,
      networkId,
      holder: `${hostname()}/${pid}`,
      signal,
      openClient,
      leaseMs,
      pageOffersMax,
      sliceBudgetMs: SLICE_BUDGET_MS,
      networkBudgetMs: NETWORK_BUDGET_MS,
      now: () => performance.now(),
      onRunEnded(slice, end, code) {
        metrics.runEnded(slice.kind, end);
        logger.info({ ...linesOf(slice), kind: slice.kind, code }, `run ${end}`);
      },
      onUnexpected: (error, slice) => logger.error({ ...linesOf(slice), err: error }, 'a sync failed unexpectedly'),
    });
}
