import {
  failRun,
  holdLease,
  inTransaction,
  logIntegration,
  postponeSlice,
  readAgain,
  retrySoon,
  type Database,
  type DueSlice,
  type NetworkLease,
} from '@trackly-tune/database';
import { readFailure } from '@trackly-tune/queues';
import { contextOf } from '@trackly-tune/sync-engine';
import { CatalogueEmptyError } from '../catalogue-empty.js';
import { afterFailure } from '../domain/after-failure.js';
import { refreshFromShortCatalogue } from './finish-catalogue.js';

export interface FailedSlice {
  readonly slice: DueSlice;
  readonly lease: NetworkLease;
  readonly error: unknown;
}

/** Wait this long before a failed scheduled sync is tried again, when the failure may pass. */
const RETRY_SOON_MS = 5 * 60_000;

/**
 * Decides what becomes of a catalogue whose page failed, and writes it in one transaction under the lease: whoever
 * lost the lease fails nobody's run. True when the run has failed; what was stored stays.
 */
export async function handleFailure(db: Database, { slice, lease, error }: FailedSlice): Promise<boolean> {
  const failure = readFailure(error);
  const { code } = failure;
  const next = afterFailure({ ...failure, attempts: slice.attempts, reading: slice.reading });
  const message = error instanceof Error && code !== 'internal_error' ? error.message : 'The sync failed unexpectedly';
  const context = error instanceof CatalogueEmptyError ? error.context : contextOf(error, slice);
  const line = { integrationId: slice.integrationId, runId: slice.runId, message, context };
  return inTransaction(db, async (tx) => {
    await holdLease(tx, lease);
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
    if (code === 'report_incomplete') await refreshFromShortCatalogue(tx, slice);
    // An empty catalogue may be right, and a person is asked.
    await logIntegration(tx, { ...line, level: code === 'catalogue_empty' ? 'warn' : 'error', code });
    if (next.retrySoon && slice.kind === 'offers') {
      await retrySoon(tx, { integrationId: slice.integrationId, kind: 'offers', delayMs: RETRY_SOON_MS });
    }
    return true;
  });
}
