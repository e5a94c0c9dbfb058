import { afterIncomplete } from '@trackly-tune/domain';

/** What becomes of a catalogue whose page could not be fetched. */
export type AfterFailure =
  | { readonly kind: 'read_again'; readonly delayMs: number }
  | { readonly kind: 'fail'; readonly retrySoon: boolean }
  | { readonly kind: 'postpone'; readonly delayMs: number; readonly counts: boolean };

export interface FetchFailure {
  readonly code: string;
  readonly advice: 'retry' | 'retry-later' | 'never';
  readonly retryAfterMs?: number | undefined;
  /** How often this page has failed before. */
  readonly attempts: number;
  /** How often the catalogue was read from the first page, this time included. */
  readonly reading: number;
}

const ATTEMPTS_MAX = 3;
const DELAYS_MS = [3_000, 15_000];
const LIMITED_ATTEMPTS_MAX = 100;
const LIMITED_DELAY_MS = 10_000;
const BUDGET_DELAY_MS = 3_000;

/**
 * Nothing permanent is retried; what may pass is tried three times within half a minute and then left to the next
 * run. Waiting for the rate budget is no failure.
 */
export function afterFailure(failure: FetchFailure): AfterFailure {
  if (failure.code === 'budget_unavailable') return { kind: 'postpone', delayMs: BUDGET_DELAY_MS, counts: false };
  if (failure.code === 'report_incomplete') return afterIncomplete(failure.reading);
  if (failure.code === 'catalogue_empty') {
    const next = afterIncomplete(failure.reading);
    // Read often enough: a person is waited for, and the next planned sync looks again.
    return next.kind === 'fail' ? { ...next, retrySoon: false } : next;
  }
  if (failure.advice === 'never') return { kind: 'fail', retrySoon: false };
  if (failure.code === 'rate_limited' && failure.attempts + 1 < LIMITED_ATTEMPTS_MAX) {
    return { kind: 'postpone', delayMs: failure.retryAfterMs ?? LIMITED_DELAY_MS, counts: true };
  }
  const delayMs = DELAYS_MS[failure.attempts];
  if (failure.attempts + 1 >= ATTEMPTS_MAX || delayMs === undefined) return { kind: 'fail', retrySoon: true };
  return { kind: 'postpone', delayMs: Math.max(delayMs, failure.retryAfterMs ?? 0), counts: true };
}
