import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 150;

const describe = (error: unknown): string => (error instanceof Error ? error.message : JSON.stringify(error));

/**
 * Asks again and again until the answer is neither null, undefined nor false. Throws after `limitMs`, naming what was waited for
 * and the last error.
 */
export async function until<Value>(
  what: string,
  limitMs: number,
  look: () => Promise<Value | null | undefined | false> | Value | null | undefined | false,
): Promise<Value> {
  const deadline = Date.now() + limitMs;
  let last: unknown;
  for (;;) {
    try {
      const found = await look();
      if (found !== null && found !== undefined && found !== false) return found;
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadline) {
      const why = last === undefined ? '' : `; the last error: ${describe(last)}`;
      throw new Error(`Not within ${limitMs} ms: ${what}${why}`);
    }
    await sleep(POLL_MS);
  }
}
