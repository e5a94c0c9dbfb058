import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf } from '@trackly-tune/domain';

/**
 * Whoever wants a table that a migration waits for stands behind it, so it waits this long and yields. Shorter than
 * PostgreSQL's deadlock_timeout of a second: in a circle the migration yields before somebody else's work is given up.
 */
export const LOCK_TIMEOUT_MS = 500;
const PAUSE_MS = 1_000;
const ATTEMPTS_MAX = 400;

/** A lock was not given in time; a deadlock with work that goes on. */
const IN_THE_WAY = new Set(['55P03', '40P01']);

/**
 * Does some of a migration, which must set LOCK_TIMEOUT_MS for itself. Yields to work that holds a table for long, such
 * as an export, and tries again; throws its error after about ten minutes of that.
 */
export async function whenFree(work: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await work();
      return;
    } catch (error) {
      if (!IN_THE_WAY.has(codeOf(error) ?? '') || attempt >= ATTEMPTS_MAX) throw error;
    }
    await sleep(PAUSE_MS);
  }
}
