import {
  failRun,
  holdLease,
  inTransaction,
  logIntegration,
  postponeSlice,
  readAgain,
  retrySoon,
  splitSlice,
  type Database,
  type DueSlice,
  type NetworkLease,
} from '@trackly-tune/database';
import { readFailure } from '@trackly-tune/queues';
import { contextOf } from '@trackly-tune/sync-engine';
import { afterFailure } from '../domain/after-failure.js';
import { splitWindow } from '../domain/split-window.js';

export interface FailedSlice {
  readonly slice: DueSlice;
  readonly lease: NetworkLease;
  readonly error: unknown;
}

/** Wait this long before a failed scheduled pull is tried again, when the failure may pass. */
const RETRY_SOON_MS = 5 * 60_000;

/**
 * Decides what becomes of a slice whose page failed, and writes it in one transaction under the lease: whoever lost
 * the lease fails nobody's run. True when the run has failed; what was stored stays.
 */
export async function handleFailure(db: Database, { slice, lease, error }: FailedSlice): Promise<boolean> {
  const failure = readFailure(error);
  const { code } = failure;
  const halves =
    slice.windowFrom !== null && slice.windowTo !== null ? splitWindow(slice.windowFrom, slice.windowTo) : null;
  const next = afterFailure({
    ...failure,
    attempts: slice.attempts,
    reading: slice.reading,
    patient: slice.kind === 'backfill',
    splittable: halves !== null,
    brokenRow: (error as { brokenRow?: unknown } | null)?.brokenRow === true,
  });
  const message = error instanceof Error && code !== 'internal_error' ? error.message : 'The pull failed unexpectedly';
  const line = { integrationId: slice.integrationId, runId: slice.runId, message, context: contextOf(error, slice) };
  return inTransaction(db, async (tx) => {
    await holdLease(tx, lease);
    if (next.kind === 'split' && halves !== null) {
      await splitSlice(tx, slice.id, halves);
      await logIntegration(tx, {
        ...line,
        level: 'warn',
        code: 'window_split',
        message: `${message}; asking in halves`,
      });
      return false;
    }
    if (next.kind === 'read_again') {
      await readAgain(tx, slice, next.delayMs);
      await logIntegration(tx, { ...line, level: 'warn', code });
      return false;
    }
    if (next.kind === 'postpone') {
      await postponeSlice(tx, slice, { delayMs: next.delayMs, failed: next.counts });
      if (next.counts) await logIntegration(tx, { ...line, level: 'warn', code });
      return false;
    }
    if (!(await failRun(tx, slice.runId, { code, message }))) return false;
    await logIntegration(tx, { ...line, level: 'error', code });
    if (next.kind === 'fail' && next.retrySoon) {
      const kind = slice.kind === 'changes' ? 'changes' : 'conversions';
      await retrySoon(tx, { integrationId: slice.integrationId, kind, delayMs: RETRY_SOON_MS });
    }
    return true;
  });
}
