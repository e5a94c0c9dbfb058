import { TuneError } from './tune-error.js';

const RETRY_AFTER_MAX_MS = 3_600_000;
const RATE_WINDOW_MS = 10_000;

/** A Retry-After header (seconds or a date) in milliseconds, at most an hour; undefined when there is none. */
export function readRetryAfter(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined) return undefined;
  const value = header.trim();
  const ms = /^\d{1,9}$/.test(value) ? Number(value) * 1000 : Date.parse(value) - nowMs;
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), RETRY_AFTER_MAX_MS) : undefined;
}

/**
 * The error for an answer without TUNE's envelope, by its HTTP status. TUNE answers 200 nearly always (quirk 1), so
 * these come from what stands before it, and none of them says anything of the token: a proxy's 401 or 403 is
 * `not_tune`. null: the status says nothing (2xx).
 */
export function classifyStatus(status: number, retryAfterMs: number | undefined): TuneError | null {
  if (status < 300) return null;
  const says = `The network's API answers HTTP ${status}`;
  const answeredBy = 'other';
  if (status < 400) {
    return new TuneError('not_tune', `${says}, a redirect, which is not followed`, { answeredBy });
  }
  if (status === 429) {
    return new TuneError('rate_limited', says, { retryAfterMs: retryAfterMs ?? RATE_WINDOW_MS, answeredBy });
  }
  if (status === 503) return new TuneError('service_unavailable', says, { retryAfterMs, answeredBy });
  if (status === 504) return new TuneError('gateway_timeout', says, { retryAfterMs, answeredBy });
  return new TuneError('not_tune', `${says} with something that is not TUNE's`, { retryAfterMs, answeredBy });
}
