import {
  isStoreAway,
  startHeartbeat,
  LeaseLostError,
  yieldSlice,
  SLICE_PRIORITY,
  type DueSlice,
  type NetworkLease,
} from '@trackly-tune/database';
import { readFailure } from '@trackly-tune/domain';
import type { TuneClient } from '@trackly-tune/tune-client';
import { settleFailure } from '../retry/settle-failure.js';
import { beginRun, endCancelledRun } from '../runs/begin-run.js';
import type { NetworkRunnerDeps } from './runner-deps.js';

export interface SliceOptions extends NetworkRunnerDeps {
  readonly signal: AbortSignal;
}

async function cancel({ db, host }: SliceOptions, slice: DueSlice): Promise<void> {
  if (await endCancelledRun(db, slice)) host.onRunEnded(slice, 'cancelled', null);
}

async function takeTurn(
  options: SliceOptions,
  turn: { client: TuneClient; slice: DueSlice; lease: NetworkLease; signal: AbortSignal },
): Promise<void> {
  const { db, host, work, now, sliceBudgetMs } = options;
  const { slice } = turn;
  const startedMs = now();
  const outcome = await work.take({ ...turn, isTimeOver: () => now() - startedMs > sliceBudgetMs });
  if (outcome === 'succeeded') host.onRunEnded(slice, 'succeeded', null);
  if (outcome === 'cancelled') await cancel(options, slice);
  if (outcome === 'more') await yieldSlice(db, slice);
}

/**
 * One turn at a slice: its run begins or goes on, the lease is renewed meanwhile, and what fails is settled. Background
 * slices are interrupted as soon as live work of the network waits.
 */
export async function workOnSlice(options: SliceOptions, slice: DueSlice, lease: NetworkLease): Promise<void> {
  const { db, host, work, urgent, lookForUrgentMs, retryAfterMs } = options;
  if (slice.stop !== null) return cancel(options, slice);
  if (!(await beginRun(db, slice, work.beginningOf(slice)))) return;
  const isBackground = slice.priority >= SLICE_PRIORITY.changes;
  const held = startHeartbeat(db, lease, options.signal);
  const watch = isBackground ? urgent.watch(db, slice, lookForUrgentMs) : null;
  const signal = watch === null ? held.signal : AbortSignal.any([held.signal, watch.signal]);
  let client: TuneClient | null = null;
  try {
    client = host.openClient(slice, isBackground ? 'background' : 'live');
    await takeTurn(options, { client, slice, lease, signal });
  } catch (error) {
    if (error instanceof LeaseLostError || held.signal.aborted || isStoreAway(error)) throw error;
    // What is urgent comes next by its priority.
    if (watch?.signal.aborted) return;
    const { code } = readFailure(error);
    if (code === 'internal_error') host.onUnexpected(error, slice);
    if (await settleFailure(db, work, { slice, lease, error, retryAfterMs })) host.onRunEnded(slice, 'failed', code);
  } finally {
    watch?.stop();
    held.stop();
    await client?.close();
  }
}
