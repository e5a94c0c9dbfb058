import { z } from 'zod';

/** What is wrong with a value that is no secret: says the value and what is expected. */
export function notValid(expected: string): (issue: { readonly input?: unknown }) => string {
  return ({ input }) =>
    typeof input === 'string' && input.length <= 40
      ? `"${input}" is not valid; expected ${expected}`
      : `expected ${expected}`;
}

/** A whole number in decimal digits, within bounds, both inclusive. */
export function wholeNumber(from: number, to: number) {
  const expected = `a whole number from ${from} to ${to}`;
  return z
    .string()
    .refine((text) => /^\d{1,15}$/.test(text) && Number(text) >= from && Number(text) <= to, {
      error: notValid(expected),
    })
    .transform(Number);
}

const PORT_MAX = 65_535;

/** PORT: a TCP port; 0 lets the system choose one. Default 3000. */
export const port = wholeNumber(0, PORT_MAX).default(3000);

/** POSTBACK_PORT: a port of its own for what TUNE calls; undefined: on PORT. 0 lets the system choose one. */
export const postbackPort = wholeNumber(0, PORT_MAX).optional();

/** HEALTH_PORT: null when 0 or unset, which means no health server. */
export const healthPort = wholeNumber(0, PORT_MAX)
  .transform((number) => (number === 0 ? null : number))
  .default(null);

const CALLS_MAX = 10_000;
const WINDOW_SECONDS_MAX = 3_600;

/** TUNE_RATE_LIMIT: `30/10` → at most 30 calls in any 10 seconds. */
export const rateLimit = z
  .string()
  .refine(
    (text) => {
      const [, calls, seconds] = /^([1-9]\d{0,4})\/([1-9]\d{0,3})$/.exec(text) ?? [];
      return calls !== undefined && Number(calls) <= CALLS_MAX && Number(seconds) <= WINDOW_SECONDS_MAX;
    },
    { error: notValid(`CALLS/SECONDS, for example 30/10, at most ${CALLS_MAX}/${WINDOW_SECONDS_MAX}`) },
  )
  .transform((text) => {
    const [calls = 1, seconds = 1] = text.split('/').map(Number);
    return { calls, windowMs: seconds * 1000 };
  })
  .default({ calls: 30, windowMs: 10_000 });

/**
 * NETWORK_LEASE_MS: after this long without a sign of life another worker takes over what a dead one was working on.
 * Renewed at a third of it, so shorter than a few seconds costs living workers their work when they are busy.
 */
export const networkLeaseMs = wholeNumber(1_000, 600_000).default(30_000);

/**
 * RETRY_AFTER_MS: a question to TUNE that failed in a way that may pass is asked again after this long, then after five
 * times as long.
 */
export const retryAfterMs = wholeNumber(100, 60_000).default(3_000);

/** RETENTION_CLICKS_DAYS: clicks and messages that nothing uses are kept for so many days after we received them. */
export const retentionClicksDays = wholeNumber(31, 36_500).default(400);

/** RETENTION_LOG_DAYS: log lines, ended runs and refused postbacks are kept for so many days. */
export const retentionLogDays = wholeNumber(1, 36_500).default(400);

/** DIRECT_AFTER_MS: work that waits this long in spite of its wake-up is done without the queue. */
export const directAfterMs = wholeNumber(100, 600_000).default(10_000);
