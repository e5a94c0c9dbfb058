import {
  cancelRun,
  failRun,
  LeaseLostError,
  logIntegration,
  nextSlice,
  postponeSlice,
  isStoreAway,
  releaseLease,
  retrySoon,
  splitSlice,
  startRun,
  takeLease,
  type Database,
  type DueSlice,
  type NetworkLease,
} from '@trackly-tune/database';
import type { TuneClient } from '@trackly-tune/tune-client';
import { afterFailure } from '../domain/after-failure.js';
import { splitWindow } from '../domain/split-window.js';
import { keepLease } from './keep-lease.js';
import { pullSlice } from './pull-slice.js';

export interface PullNetworkOptions {
  readonly db: Database;
  readonly networkId: string;
  /** Who holds the lease, for people who look. */
  readonly holder: string;
  readonly signal: AbortSignal;
  readonly openClient: (slice: DueSlice) => TuneClient;
  readonly leaseMs: number;
  readonly pageRowsMax: number;
  readonly sliceBudgetMs: number;
  /** After this long the worker lets go of the network; the caller signals again when work is left. */
  readonly networkBudgetMs: number;
  readonly now: () => number;
  readonly onFacts: () => void;
  readonly onUnexpected: (error: unknown, slice: DueSlice) => void;
}

/** Wait this long before a failed scheduled pull is tried again, when the failure may pass. */
const RETRY_SOON_MS = 5 * 60_000;

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : 'internal_error';
}

function adviceOf(error: unknown): 'retry' | 'retry-later' | 'never' {
  const advice = (error as { advice?: unknown } | null)?.advice;
  return advice === 'never' || advice === 'retry-later' ? advice : 'retry';
}

async function handleFailure(options: PullNetworkOptions, slice: DueSlice, error: unknown): Promise<void> {
  const { db } = options;
  const code = codeOf(error);
  if (code === 'internal_error') options.onUnexpected(error, slice);
  const halves =
    slice.windowFrom !== null && slice.windowTo !== null ? splitWindow(slice.windowFrom, slice.windowTo) : null;
  const retryAfterMs = (error as { retryAfterMs?: number }).retryAfterMs;
  const next = afterFailure({
    code,
    advice: adviceOf(error),
    retryAfterMs,
    attempts: slice.attempts,
    splittable: halves !== null,
  });
  const message = error instanceof Error && code !== 'internal_error' ? error.message : 'The pull failed unexpectedly';
  const line = { integrationId: slice.integrationId, runId: slice.runId, message, context: { page: slice.nextPage } };
  if (next.kind === 'split' && halves) {
    await splitSlice(db, slice.id, halves);
    await logIntegration(db, { ...line, level: 'warn', code: 'window_split', message: `${message}; asking in halves` });
  } else if (next.kind === 'postpone') {
    await postponeSlice(db, slice, { delayMs: next.delayMs, failed: next.counts });
    if (next.counts) await logIntegration(db, { ...line, level: 'warn', code });
  } else if (await failRun(db, slice.runId, { code, message })) {
    await logIntegration(db, { ...line, level: 'error', code });
    if (next.kind === 'fail' && next.retrySoon) {
      await retrySoon(db, { integrationId: slice.integrationId, kind: 'conversions', delayMs: RETRY_SOON_MS });
    }
  }
}

async function workOnSlice(options: PullNetworkOptions, slice: DueSlice, lease: NetworkLease): Promise<void> {
  const { db } = options;
  const started = await startRun(db, slice.runId);
  if (started === null) return;
  if (started === 'started') {
    await logIntegration(db, {
      integrationId: slice.integrationId,
      runId: slice.runId,
      level: 'info',
      code: 'run_started',
      message: `Pulling conversions of ${slice.windowFrom ?? ''} to ${slice.windowTo ?? ''}`,
    });
  }
  const held = keepLease(db, lease, options.signal);
  let client: TuneClient | null = null;
  try {
    client = options.openClient(slice);
    const outcome = await pullSlice({ ...options, client, slice, lease, signal: held.signal });
    if (outcome === 'cancelled') await cancelRun(db, slice.runId);
    if (outcome === 'more') await postponeSlice(db, slice, { delayMs: 0, failed: false });
  } catch (error) {
    if (error instanceof LeaseLostError || held.signal.aborted || isStoreAway(error)) throw error;
    await handleFailure(options, slice, error);
  } finally {
    held.stop();
    await client?.close();
  }
}

/**
 * Works on one network for a bounded time: takes its lease, then slice after slice, each giving way after its budget.
 * Returns `held` when another worker has the network, else whether work is left. A lost lease or a stop ends it at
 * once; nothing is lost, since the cursor stands at the last page that was committed.
 */
export async function pullNetwork(options: PullNetworkOptions): Promise<'held' | 'idle' | 'more'> {
  const { db, signal, now } = options;
  const leaseKey = `conversions:${options.networkId}`;
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
