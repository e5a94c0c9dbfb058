import { describe, expect, test } from '@jest/globals';
import { createLogger } from './logger.js';
import { waitUntil } from './wait-until.js';

function capture() {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push((JSON.parse(line) as { msg: string }).msg) };
  return { lines, logger: createLogger({ service: 'test', level: 'info', destination }) };
}

const fast = { name: 'database', firstDelayMs: 1, delayMaxMs: 2 };

describe('waiting for a store', () => {
  test('ends when the check passes, with one line at its start and one at its end', async () => {
    const { lines, logger } = capture();
    let attempts = 0;
    const check = async (): Promise<void> => {
      if (++attempts < 4) throw new Error('away');
    };
    await waitUntil(check, { ...fast, logger, signal: new AbortController().signal });
    expect(attempts).toBe(4);
    expect(lines).toEqual(['database is not ready; trying until it is', 'database is ready now']);
  });

  test('says nothing when the store is there', async () => {
    const { lines, logger } = capture();
    await waitUntil(() => Promise.resolve(), { ...fast, logger, signal: new AbortController().signal });
    expect(lines).toEqual([]);
  });

  test('gives up a check that hangs and tries again', async () => {
    let attempts = 0;
    const check = (): Promise<void> => (++attempts === 1 ? new Promise(() => undefined) : Promise.resolve());
    const { logger } = capture();
    await waitUntil(check, { ...fast, logger, signal: new AbortController().signal, attemptTimeoutMs: 5 });
    expect(attempts).toBe(2);
  });

  test('ends with the reason of the signal', async () => {
    const stop = new AbortController();
    const check = (): Promise<void> => {
      stop.abort(new Error('stopping'));
      return Promise.reject(new Error('away'));
    };
    const waiting = waitUntil(check, { ...fast, logger: capture().logger, signal: stop.signal });
    await expect(waiting).rejects.toThrow('stopping');
  });
});
