import type { Redis } from 'ioredis';

const EVERY_MS = 10_000;
const ANSWER_TIMEOUT_MS = 5_000;

/**
 * Asks Redis for a sign of life and connects anew when none comes: a peer that vanished without a word (a fail-over, a
 * firewall that forgot the connection) would otherwise be waited for until the system gives up, 15 minutes later.
 * Ends with the connection.
 */
export function watchConnection(
  redis: Redis,
  times: { everyMs: number; answerTimeoutMs: number } = { everyMs: EVERY_MS, answerTimeoutMs: ANSWER_TIMEOUT_MS },
): void {
  let asking = false;
  const timer = setInterval(() => {
    if (redis.status === 'end') return clearInterval(timer);
    if (redis.status !== 'ready' || asking) return;
    asking = true;
    const late = setTimeout(() => redis.disconnect(true), times.answerTimeoutMs);
    late.unref();
    redis
      .ping()
      .then(() => clearTimeout(late))
      // Not cleared here: a command that timed out is no sign of life either.
      .catch(() => redis.status === 'ready' || clearTimeout(late))
      .finally(() => (asking = false));
  }, times.everyMs);
  timer.unref();
}
