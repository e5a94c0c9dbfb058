import type { Failure } from '@trackly-tune/domain';

/** So often a list is read from its first page before its slice fails. */
export const READINGS_MAX = 3;

/** A slice whose page could not be read. */
export interface SliceFailure extends Failure {
  /** How often this slice has failed before. */
  readonly attempts: number;
  /** How often its list was read from the first page, this time included. */
  readonly reading: number;
  /** Each page was answered, but nobody should take them for a whole list (law 20). */
  readonly notWhole: boolean;
  /** The list may be right all the same, which only a person can know. */
  readonly needsPerson: boolean;
  /** TUNE cannot load a row of this window. */
  readonly brokenRow: boolean;
  /** Its window can be asked for in halves. */
  readonly splittable: boolean;
  /** True for work that outlasts an outage instead of leaving it to the next run, since there is none. */
  readonly patient: boolean;
}

/** What becomes of a slice whose page could not be read. */
export type NextStep =
  | { readonly kind: 'split' }
  | { readonly kind: 'read_again'; readonly delayMs: number }
  /** `counts`: as an attempt. */
  | { readonly kind: 'postpone'; readonly delayMs: number; readonly counts: boolean }
  /** `retrySoon`: the failure may pass, so that a scheduled run comes sooner. */
  | { readonly kind: 'fail'; readonly retrySoon: boolean };

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

/** Of RETRY_AFTER_MS, before the second and the third attempt, or reading. */
const DELAYS = [1, 5];
/** Five minutes, in which the other windows of the run are read. */
const BROKEN = { attemptsMax: 10, delayMaxMs: MINUTE_MS };
/** Twelve hours and more of an outage. */
const PATIENT = { attemptsMax: 80, delayMaxMs: 10 * MINUTE_MS };
const LIMITED = { attemptsMax: 100, delayMs: 10 * SECOND_MS };

const GIVEN_UP: NextStep = { kind: 'fail', retrySoon: false };
const SLOW = new Set(['gateway_timeout', 'timeout']);

function readAgain({ reading, needsPerson }: SliceFailure, pauseMs: number): NextStep {
  const times = DELAYS[reading - 1];
  if (reading < READINGS_MAX && times !== undefined) return { kind: 'read_again', delayMs: times * pauseMs };
  // Where a person is waited for, the next planned run looks again.
  return { kind: 'fail', retrySoon: !needsPerson };
}

/** After `delayMs`, or when the network said, whichever is later. */
function postpone({ retryAfterMs = 0 }: SliceFailure, delayMs: number): NextStep {
  return { kind: 'postpone', delayMs: Math.max(delayMs, retryAfterMs), counts: true };
}

/** Waits longer each time, up to a bound. */
function persist(failure: SliceFailure, { attemptsMax, delayMaxMs }: typeof BROKEN, pauseMs: number): NextStep {
  if (failure.attempts + 1 >= attemptsMax) return GIVEN_UP;
  return postpone(failure, Math.min(delayMaxMs, pauseMs * 2 ** Math.min(failure.attempts, 20)));
}

/**
 * Nothing permanent is retried; what may pass is tried three times, by default within half a minute, and then left to
 * the next run; patient work, which has no next run, waits longer each time. Waiting for the rate budget is no failure.
 * A list that is not whole is read again from its first page, since each of its pages was answered. A report too slow
 * for TUNE is asked for in halves (quirk 27). One with a row that TUNE cannot load is too, until a window of an hour or
 * less is all that it spoils (quirk 36): everything else is read, then the run fails, however patient.
 *
 * @param pauseMs RETRY_AFTER_MS
 */
export function planRetry(failure: SliceFailure, pauseMs: number): NextStep {
  const { code, attempts } = failure;
  if (code === 'budget_unavailable') return { kind: 'postpone', delayMs: pauseMs, counts: false };
  if (failure.notWhole) return readAgain(failure, pauseMs);
  if (failure.advice === 'never') return GIVEN_UP;
  if (failure.splittable && (SLOW.has(code) || failure.brokenRow)) return { kind: 'split' };
  if (code === 'rate_limited' && attempts + 1 < LIMITED.attemptsMax) {
    return { kind: 'postpone', delayMs: failure.retryAfterMs ?? LIMITED.delayMs, counts: true };
  }
  if (failure.brokenRow) return persist(failure, BROKEN, pauseMs);
  if (failure.patient) return persist(failure, PATIENT, pauseMs);
  const times = DELAYS[attempts];
  return times === undefined ? { kind: 'fail', retrySoon: true } : postpone(failure, times * pauseMs);
}
