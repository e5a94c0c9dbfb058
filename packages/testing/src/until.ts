import { setTimeout as sleep } from 'node:timers/promises';

type Look<Value> = () => Promise<Value | null | undefined | false> | Value | null | undefined | false;

/** Below the time limit of a test, so that it is said what did not come to pass. */
const LIMIT_MS = 55_000;
const FIRST_PAUSE_MS = 5;
const PAUSE_MAX_MS = 150;

const describe = (error: unknown): string => (error instanceof Error ? error.message : JSON.stringify(error));

/**
 * Asks again and again, at first after 5 ms, later after 150, until the answer is neither null, undefined nor false.
 * Throws after `limitMs`, naming what was waited for (the source of `look` where it has no name) and the last error.
 */
export async function until<Value>(look: Look<Value>): Promise<Value>;
export async function until<Value>(what: string, limitMs: number, look: Look<Value>): Promise<Value>;
export async function until<Value>(
  ...words: [look: Look<Value>] | [what: string, limitMs: number, look: Look<Value>]
): Promise<Value> {
  const [what, limitMs, look] = words.length === 1 ? [String(words[0]), LIMIT_MS, words[0]] : words;
  const deadline = Date.now() + limitMs;
  let last: unknown;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, PAUSE_MAX_MS)) {
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
    await sleep(pauseMs);
  }
}
