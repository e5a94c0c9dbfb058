import { afterIncomplete } from '@trackly-tune/domain';

/** What becomes of a slice whose page could not be pulled. */
export type AfterFailure =
  | { readonly kind: 'read_again'; readonly delayMs: number }
  | { readonly kind: 'fail'; readonly retrySoon: boolean }
  | { readonly kind: 'postpone'; readonly delayMs: number; readonly counts: boolean }
  | { readonly kind: 'split' };

export interface PullFailure {
  readonly code: string;
  readonly advice: 'retry' | 'retry-later' | 'never';
  readonly retryAfterMs?: number | undefined;
  /** How often this slice has failed before. */
  readonly attempts: number;
  /** How often its report was read from the first page, this time included. */
  readonly reading: number;
  readonly splittable: boolean;
  /** TUNE cannot load a row of this window. */
  readonly brokenRow: boolean;
  /** True for work that outlasts an outage instead of leaving it to the next run, since there is none. */
  readonly patient: boolean;
}

const ATTEMPTS_MAX = 3;
const DELAYS_MS = [3_000, 15_000];
/** Twelve hours and more of an outage. */
const PATIENT_ATTEMPTS_MAX = 80;
const PATIENT_DELAY_MAX_MS = 10 * 60_000;
/** Five minutes, in which the other windows of the run are read. */
const BROKEN_ATTEMPTS_MAX = 10;
const BROKEN_DELAY_MAX_MS = 60_000;
const LIMITED_ATTEMPTS_MAX = 100;
const LIMITED_DELAY_MS = 10_000;
const BUDGET_DELAY_MS = 3_000;

/**
 * Nothing permanent is retried; what may pass is tried three times within half a minute and then left to the next
 * run; a backfill, which has no next run, waits longer each time. Waiting for the rate budget is no failure. A report too slow for TUNE is asked for in halves (quirk 27). One with a
 * row that TUNE cannot load is too, until a window of an hour or less is all that it spoils (quirk 36): everything
 * else is read, then the run fails, however patient.
 */
export function afterFailure(failure: PullFailure): AfterFailure {
  if (failure.code === 'budget_unavailable') return { kind: 'postpone', delayMs: BUDGET_DELAY_MS, counts: false };
  // A report that is not whole is one of a kind of its own, since each of its pages was answered.
  if (failure.code === 'report_incomplete') return afterIncomplete(failure.reading);
  if (failure.advice === 'never') return { kind: 'fail', retrySoon: false };
  const slow = failure.code === 'gateway_timeout' || failure.code === 'timeout';
  if (slow && failure.splittable) return { kind: 'split' };
  if (failure.code === 'rate_limited' && failure.attempts + 1 < LIMITED_ATTEMPTS_MAX) {
    return { kind: 'postpone', delayMs: failure.retryAfterMs ?? LIMITED_DELAY_MS, counts: true };
  }
  if (failure.brokenRow) {
    if (failure.splittable) return { kind: 'split' };
    if (failure.attempts + 1 >= BROKEN_ATTEMPTS_MAX) return { kind: 'fail', retrySoon: false };
    const waitMs = Math.min(BROKEN_DELAY_MAX_MS, 3_000 * 2 ** failure.attempts);
    return { kind: 'postpone', delayMs: Math.max(waitMs, failure.retryAfterMs ?? 0), counts: true };
  }
  if (failure.patient) {
    if (failure.attempts + 1 >= PATIENT_ATTEMPTS_MAX) return { kind: 'fail', retrySoon: false };
    const waitMs = Math.min(PATIENT_DELAY_MAX_MS, 3_000 * 2 ** Math.min(failure.attempts, 20));
    return { kind: 'postpone', delayMs: Math.max(waitMs, failure.retryAfterMs ?? 0), counts: true };
  }
  const delayMs = DELAYS_MS[failure.attempts];
  if (failure.attempts + 1 >= ATTEMPTS_MAX || delayMs === undefined) return { kind: 'fail', retrySoon: true };
  return { kind: 'postpone', delayMs: Math.max(delayMs, failure.retryAfterMs ?? 0), counts: true };
}
