import {
  giveWay,
  isStoreAway,
  keepLease,
  LeaseLostError,
  nextSlice,
  SLICE_PRIORITY,
  type Database,
  type DueSlice,
  type NetworkLease,
} from '@trackly-tune/database';
import { readFailure } from '@trackly-tune/queues';
import { beginRun, endCancelledRun, orPostpone, withNetworkLease } from '@trackly-tune/sync-engine';
import type { TuneClient } from '@trackly-tune/tune-client';
import type { BackgroundTurns } from './background-turns.js';
import { handleFailure } from './handle-failure.js';
import { pullSlice, type PullSliceOptions } from './pull-slice.js';
import { readChanges } from './read-changes.js';
import type { UrgentWatches } from './watch-urgent.js';

export type RunEnd = 'failed' | 'cancelled';

export interface PullNetworkOptions {
  readonly db: Database;
  readonly networkId: string;
  /** Who holds the lease, for people who look. */
  readonly holder: string;
  readonly signal: AbortSignal;
  /** May throw a coded error, e.g. for a token that cannot be unsealed. */
  readonly openClient: (slice: DueSlice) => TuneClient;
  readonly leaseMs: number;
  readonly pageRowsMax: number;
  readonly sliceBudgetMs: number;
  /** After this long the worker lets go of the network; the caller signals again when work is left. */
  readonly networkBudgetMs: number;
  /** A day with more pages than this is read in parts. */
  readonly dayPagesMax: number;
  /** Backfills of this process take turns, so that they never fill the places that live work needs. */
  readonly background: BackgroundTurns;
  /** Pages of the background that are under way in this process, which live work interrupts. */
  readonly urgent: UrgentWatches;
  /** How often such a page looks for live work that only another process was told of. */
  readonly lookForUrgentMs: number;
  readonly now: () => number;
  /** Called after each commit that attribution has to look at. */
  readonly onFacts: () => void;
  /** Called when a run ended here; the code is that of its error. */
  readonly onRunEnded: (slice: DueSlice, end: RunEnd, code: string | null) => void;
  readonly onUnexpected: (error: unknown, slice: DueSlice) => void;
}

const BEGINNINGS: Readonly<Record<string, string>> = {
  changes: 'Looking for conversions that changed late',
  backfill: 'Filling in conversions day by day, newest first',
};

async function cancel(options: PullNetworkOptions, slice: DueSlice): Promise<void> {
  if (await endCancelledRun(options.db, slice)) options.onRunEnded(slice, 'cancelled', null);
}

async function work(options: PullNetworkOptions, pulling: PullSliceOptions): Promise<void> {
  const { slice } = pulling;
  if (slice.kind === 'changes' && slice.windowFrom === null) return readChanges(pulling);
  const outcome = await pullSlice(pulling);
  if (outcome === 'cancelled') await cancel(options, slice);
  if (outcome === 'more') await giveWay(options.db, slice);
}

async function workOnSlice(options: PullNetworkOptions, slice: DueSlice, lease: NetworkLease): Promise<void> {
  const { db } = options;
  if (slice.stop !== null) return cancel(options, slice);
  const days = `${slice.windowFrom ?? ''} to ${slice.windowTo ?? ''}`;
  if (!(await beginRun(db, slice, BEGINNINGS[slice.kind] ?? `Pulling conversions of ${days}`))) return;
  const held = keepLease(db, lease, options.signal);
  const urgent = slice.priority > SLICE_PRIORITY.live ? options.urgent.watch(db, slice, options.lookForUrgentMs) : null;
  const signal = urgent === null ? held.signal : AbortSignal.any([held.signal, urgent.signal]);
  let client: TuneClient | null = null;
  try {
    client = options.openClient(slice);
    await work(options, { ...options, client, slice, lease, signal });
  } catch (error) {
    if (error instanceof LeaseLostError || held.signal.aborted || isStoreAway(error)) throw error;
    // What is urgent comes next by its priority.
    if (urgent?.signal.aborted) return;
    const { code } = readFailure(error);
    if (code === 'internal_error') options.onUnexpected(error, slice);
    if (await handleFailure(db, { slice, lease, error })) options.onRunEnded(slice, 'failed', code);
  } finally {
    urgent?.stop();
    held.stop();
    await client?.close();
  }
}

/** Slice after slice until nothing is due, the turn for the background is refused, or the network's time is over. */
async function workWhileDue(options: PullNetworkOptions, lease: NetworkLease): Promise<PullOutcome> {
  const { db, signal, now, background } = options;
  const startedMs = now();
  let turn: (() => void) | null = null;
  try {
    while (!signal.aborted && now() - startedMs < options.networkBudgetMs) {
      const slice = await nextSlice(db, lease.leaseKey);
      if (!slice) return 'idle';
      const isLive = slice.priority < SLICE_PRIORITY.backfill;
      if (isLive) {
        turn?.();
        turn = null;
      } else {
        turn ??= background.take();
        if (turn === null) return 'background';
      }
      await orPostpone(options, { slice, lease }, () => workOnSlice(options, slice, lease));
    }
    return turn === null || signal.aborted ? 'more' : 'background';
  } finally {
    turn?.();
  }
}

/** `background`: only a backfill is left, whose turn is over or did not come: others go first. */
export type PullOutcome = 'held' | 'idle' | 'more' | 'background';

/**
 * Works on one network for a bounded time: takes its lease, then slice after slice, each giving way after its budget.
 * Returns `held` when another worker has the network, else what is left.
 */
export async function pullNetwork(options: PullNetworkOptions): Promise<PullOutcome> {
  const { db, networkId, holder, leaseMs, signal } = options;
  const leaseKey = `conversions:${networkId}`;
  const outcome = await withNetworkLease(db, { leaseKey, holder, leaseMs, signal }, (lease) =>
    workWhileDue(options, lease),
  );
  if (outcome === 'held') options.urgent.look(networkId);
  return outcome;
}
