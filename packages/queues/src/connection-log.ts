import { types } from 'node:util';
import { codeOf } from '@trackly-tune/domain';
import type { Logger } from 'pino';

/** What ioredis and BullMQ say when Redis is away, and no more than that. */
const AWAY_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
]);
const AWAY_TEXTS =
  /Connection is closed|Stream isn't writeable|Command timed out|connect ETIMEDOUT|Socket timeout|max retries per request|Socket closed unexpectedly/i;

/** Whether an error says that Redis cannot be reached, and nothing else. */
export function isRedisAway(error: unknown): boolean {
  if (!(types.isNativeError(error) || error instanceof Error)) return false;
  return AWAY_CODES.has(codeOf(error) ?? '') || AWAY_TEXTS.test(error.message);
}

export interface ConnectionLog {
  error(error: Error): void;
  ready(): void;
}

const REPEATS_LOGGED_EACH = 100;

/**
 * One line when a connection is lost and one when it is back. Errors that are not about reaching Redis (a wrong
 * password, a full memory) are logged by themselves: the first of each text, then each hundredth.
 */
export function logConnection(name: string, logger: Logger): ConnectionLog {
  let away = false;
  const others = new Map<string, number>();
  return {
    error(error) {
      if (isRedisAway(error)) {
        if (!away) logger.warn({ connection: name, err: error }, `${name}: Redis is away; waiting for it`);
        away = true;
        return;
      }
      const count = (others.get(error.message) ?? 0) + 1;
      if (others.size < REPEATS_LOGGED_EACH) others.set(error.message, count);
      if (count % REPEATS_LOGGED_EACH === 1)
        logger.error({ connection: name, err: error, count }, `${name}: Redis error`);
    },
    ready() {
      if (away) logger.info({ connection: name }, `${name}: Redis is back`);
      away = false;
    },
  };
}
