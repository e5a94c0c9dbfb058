import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { withTimeLimit } from './time-limit.js';

/**
 * Tries a check until it passes: for stores that are away at start. Logs one line when it begins to wait and one when
 * that is over. Throws the signal's reason when it aborts.
 *
 * @param check throws while what it waits for is away
 */
export async function waitUntil(
  check: () => Promise<void>,
  options: {
    name: string;
    logger: Logger;
    signal: AbortSignal;
    firstDelayMs?: number;
    delayMaxMs?: number;
    attemptTimeoutMs?: number;
  },
): Promise<void> {
  const { name, logger, signal, firstDelayMs = 250, delayMaxMs = 5_000, attemptTimeoutMs = 5_000 } = options;
  let attempts = 0;
  for (let delayMs = firstDelayMs; ; delayMs = Math.min(delayMs * 2, delayMaxMs)) {
    signal.throwIfAborted();
    try {
      attempts += 1;
      await withTimeLimit(name, attemptTimeoutMs, check);
      if (attempts > 1) logger.info({ waiting_for: name, attempts }, `${name} is ready now`);
      return;
    } catch (error) {
      signal.throwIfAborted();
      if (attempts === 1) logger.warn({ waiting_for: name, err: error }, `${name} is not ready; trying until it is`);
    }
    await sleep(delayMs, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}
