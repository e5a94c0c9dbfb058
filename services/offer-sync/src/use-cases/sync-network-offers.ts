import {
  isStoreAway,
  keepLease,
  LeaseLostError,
  nextSlice,
  postponeSlice,
  type Database,
  type DueSlice,
  type NetworkLease,
} from '@trackly-tune/database';
import { readFailure } from '@trackly-tune/queues';
import { beginRun, endCancelledRun, orPostpone, withNetworkLease } from '@trackly-tune/sync-engine';
import type { TuneClient } from '@trackly-tune/tune-client';
import { fetchCatalogue } from './fetch-catalogue.js';
import { handleFailure } from './handle-failure.js';

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
  if (await endCancelledRun(options.db, slice)) options.onRunEnded(slice, 'cancelled', null);
}

async function workOnSlice(options: SyncNetworkOffersOptions, slice: DueSlice, lease: NetworkLease): Promise<void> {
  const { db } = options;
  if (slice.stop !== null) return cancel(options, slice);
  const beginning = slice.kind === 'offer_import' ? 'Importing offers' : 'Fetching the catalogue of offers';
  if (!(await beginRun(db, slice, beginning))) return;
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
    const { code } = readFailure(error);
    if (code === 'internal_error') options.onUnexpected(error, slice);
    if (await handleFailure(db, { slice, lease, error })) options.onRunEnded(slice, 'failed', code);
  } finally {
    held.stop();
    await client?.close();
  }
}

/** Run after run until nothing is due or the network's time is over. */
async function workWhileDue(options: SyncNetworkOffersOptions, lease: NetworkLease): Promise<'idle' | 'more'> {
  const { db, signal, now } = options;
  const startedMs = now();
  while (!signal.aborted && now() - startedMs < options.networkBudgetMs) {
    const slice = await nextSlice(db, lease.leaseKey);
    if (!slice) return 'idle';
    await orPostpone(options, { slice, lease }, () => workOnSlice(options, slice, lease));
  }
  return 'more';
}

/**
 * Works on the offers of one network for a bounded time: takes its lease, then run after run, each giving way after
 * its budget. Returns `held` when another worker has the network, else whether work is left.
 */
export async function syncNetworkOffers(options: SyncNetworkOffersOptions): Promise<'held' | 'idle' | 'more'> {
  const { db, networkId, holder, leaseMs, signal } = options;
  const leaseKey = `offers:${networkId}`;
  return withNetworkLease(db, { leaseKey, holder, leaseMs, signal }, (lease) => workWhileDue(options, lease));
}
