import {
  cancelRun,
  inTransaction,
  isStoreAway,
  keepLease,
  LeaseLostError,
  logIntegration,
  nextSlice,
  postponeSlice,
  releaseLease,
  startRun,
  takeLease,
  type Database,
  type DueSlice,
  type NetworkLease,
} from '@trackly-tune/database';
import type { TuneClient } from '@trackly-tune/tune-client';
import { fetchCatalogue } from './fetch-catalogue.js';
import { codeOf, handleFailure } from './handle-failure.js';

export interface SyncNetworkOffersOptions {
  readonly db: Database;
  readonly networkId: string;
  /** Who holds the lease, for people who look. */
  readonly holder: string;
  readonly signal: AbortSignal;
  readonly openClient: (slice: DueSlice) => TuneClient;
  readonly leaseMs: number;
  readonly pageOffersMax: number;
  readonly sliceBudgetMs: number;
  /** After this long the worker lets go of the network; the caller signals again when work is left. */
  readonly networkBudgetMs: number;
  readonly now: () => number;
  readonly onRunEnded: (slice: DueSlice, end: 'succeeded' | 'failed' | 'cancelled', code: string | null) => void;
  readonly onUnexpected: (error: unknown, slice: DueSlice) => void;
}

async function cancel(options: SyncNetworkOffersOptions, slice: DueSlice): Promise<void> {
  const cancelled = await inTransaction(options.db, async (tx) => {
    if (!(await cancelRun(tx, slice.runId))) return false;
    await logIntegration(tx, {
      integrationId: slice.integrationId,
      runId: slice.runId,
      level: 'info',
      code: 'run_cancelled',
      message: 'The run was cancelled; what was stored stays',
    });
    return true;
  });
  if (cancelled) options.onRunEnded(slice, 'cancelled', null);
}

/** Says that the run goes on here; false when there is nothing to work on any more. */
async function begin(options: SyncNetworkOffersOptions, slice: DueSlice): Promise<boolean> {
  if (slice.stop !== null) {
    await cancel(options, slice);
    return false;
  }
  return inTransaction(options.db, async (tx) => {
    const started = await startRun(tx, slice.runId);
    if (started === 'started') {
      await logIntegration(tx, {
        integrationId: slice.integrationId,
        runId: slice.runId,
        level: 'info',
        code: 'run_started',
        message: slice.kind === 'offer_import' ? 'Importing offers' : 'Fetching the catalogue of offers',
      });
    }
    return started !== null;
  });
}

async function workOnSlice(options: SyncNetworkOffersOptions, slice: DueSlice, lease: NetworkLease): Promise<void> {
  if (!(await begin(options, slice))) return;
  const { db } = options;
  const held = keepLease(db, lease, options.signal);
  let client: TuneClient | null = null;
  try {
    client = options.openClient(slice);
    const outcome = await fetchCatalogue({ ...options, client, slice, lease, signal: held.signal });
    if (outcome === 'done') options.onRunEnded(slice, 'succeeded', null);
    if (outcome === 'cancelled') await cancel(options, slice);
    if (outcome === 'more') await postponeSlice(db, slice, { delayMs: 0, failed: false });
  } catch (error) {
    if (error instanceof LeaseLostError || held.signal.aborted || isStoreAway(error)) throw error;
    const code = codeOf(error);
    if (code === 'internal_error') options.onUnexpected(error, slice);
    if (await handleFailure(db, { slice, lease, error })) options.onRunEnded(slice, 'failed', code);
  } finally {
    held.stop();
    await client?.close();
  }
}

/**
 * Works on the offers of one network for a bounded time: takes its lease, then run after run, each giving way after
 * its budget. Returns `held` when another worker has the network, else whether work is left. A lost lease or a stop
 * ends it at once; nothing is lost, since the cursor stands at the last page that was committed.
 */
export async function syncNetworkOffers(options: SyncNetworkOffersOptions): Promise<'held' | 'idle' | 'more'> {
  const { db, signal, now } = options;
  const leaseKey = `offers:${options.networkId}`;
  const lease = await takeLease(db, { leaseKey, holder: options.holder, leaseMs: options.leaseMs });
  if (!lease) return 'held';
  const startedMs = now();
  try {
    while (!signal.aborted && now() - startedMs < options.networkBudgetMs) {
      const slice = await nextSlice(db, leaseKey);
      if (!slice) return 'idle';
      await workOnSlice(options, slice, lease);
    }
    return 'more';
  } catch (error) {
    if (error instanceof LeaseLostError || signal.aborted) return 'more';
    throw error;
  } finally {
    await releaseLease(db, lease).catch(() => undefined);
  }
}
