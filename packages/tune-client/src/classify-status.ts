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
 * these come from what stands before it. null: the status says nothing (2xx).
 */
export function classifyStatus(status: number, retryAfterMs: number | undefined): TuneError | null {
  const says = `The network's API answers HTTP ${status}`;
  if (status >= 300 && status < 400) return new TuneError('not_tune', `${says}, a redirect, which is not followed`);
  if (status < 400) return null;
  if (status === 401) return new TuneError('token_rejected', says);
  if (status === 403) return new TuneError('permission_denied', says);
  if (status === 408) return new TuneError('timeout', says, { retryAfterMs });
  if (status === 429) return new TuneError('rate_limited', says, { retryAfterMs: retryAfterMs ?? RATE_WINDOW_MS });
  if (status === 504) return new TuneError('gateway_timeout', says, { retryAfterMs });
  if (status >= 500) return new TuneError('unreachable', says, { advice: 'retry-later', retryAfterMs });
  return new TuneError('not_tune', says);
}
