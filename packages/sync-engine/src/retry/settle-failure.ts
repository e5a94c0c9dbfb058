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
  type Tx,
} from '@trackly-tune/database';
import { readFailure } from '@trackly-tune/domain';
import { NotWholeError } from '../reading/not-whole.js';
import type { FailureTraits, SyncWork } from '../sync-work.js';
import { planRetry, type NextStep } from './plan-retry.js';

export interface FailedSlice {
  readonly slice: DueSlice;
  readonly lease: NetworkLease;
  readonly error: unknown;
  /** As in `RunnerTimes`. */
  readonly retryAfterMs: number;
}

/** Wait this long before a failed scheduled run is tried again, when the failure may pass. */
const RETRY_SOON_MS = 5 * 60_000;

interface Told {
  readonly code: string;
  readonly message: string;
  readonly context: Readonly<Record<string, number | string | null>>;
  /** A person is asked, since the list may be right. */
  readonly needsPerson: boolean;
}

/** What the integration's log says of the failure. Texts of errors that nobody foresaw stay inside. */
function tellOf({ name }: SyncWork, { slice, error }: FailedSlice): Told {
  const { code } = readFailure(error);
  const foreseen = error instanceof Error && code !== 'internal_error';
  const notWhole = error instanceof NotWholeError ? error : null;
  return {
    code,
    message: foreseen ? error.message : `The ${name} failed unexpectedly`,
    context: notWhole?.context ?? { page: slice.nextPage },
    needsPerson: notWhole?.needsPerson ?? false,
  };
}

function planFor(
  work: SyncWork,
  { slice, error, retryAfterMs }: FailedSlice,
): { step: NextStep; parts: FailureTraits['parts'] } {
  const { parts, ...traits } = work.traitsOf(slice, error);
  const failure = {
    ...readFailure(error),
    ...traits,
    attempts: slice.attempts,
    reading: slice.reading,
    splittable: parts !== null,
    notWhole: error instanceof NotWholeError,
    needsPerson: error instanceof NotWholeError && error.needsPerson,
  };
  const step = planRetry(failure, retryAfterMs);
  return { step, parts };
}

async function fail(
  tx: Tx,
  work: SyncWork,
  { slice, told, soon }: { slice: DueSlice; told: Told; soon: boolean },
): Promise<boolean> {
  const { runId, integrationId } = slice;
  const { needsPerson, ...line } = told;
  if (!(await failRun(tx, runId, told))) return false;
  await work.onFailed?.(tx, slice, told.code);
  await logIntegration(tx, { ...line, integrationId, runId, level: needsPerson ? 'warn' : 'error' });
  const kind = work.scheduleOf(slice);
  if (soon && kind !== null) await retrySoon(tx, { integrationId, kind, delayMs: RETRY_SOON_MS });
  return true;
}

/**
 * Decides what becomes of a slice whose page failed, and writes it in one transaction under the lease: whoever lost
 * the lease fails nobody's run. True when the run has failed; what was stored stays.
 */
export async function settleFailure(db: Database, work: SyncWork, failed: FailedSlice): Promise<boolean> {
  const { slice, lease } = failed;
  const { step, parts } = planFor(work, failed);
  const told = tellOf(work, failed);
  const { code, message, context } = told;
  return inTransaction(db, async (tx) => {
    await holdLease(tx, lease);
    const warn = (line: { code: string; message: string }) =>
      logIntegration(tx, { ...line, context, integrationId: slice.integrationId, runId: slice.runId, level: 'warn' });
    switch (step.kind) {
      case 'fail':
        return fail(tx, work, { slice, told, soon: step.retrySoon });
      case 'split':
        await splitSlice(tx, slice.id, parts ?? []);
        await warn({ code: 'window_split', message: `${message}; asking in halves` });
        return false;
      case 'read_again':
        await readAgain(tx, slice, step.delayMs);
        await warn({ code, message });
        return false;
      case 'postpone':
        await postponeSlice(tx, slice, { delayMs: step.delayMs, failed: step.counts });
        if (step.counts) await warn({ code, message });
        return false;
    }
  });
}
