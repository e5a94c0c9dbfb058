import { describe, expect, test } from '@jest/globals';
import { createLogger } from './logger.js';
import { runEvery } from './run-every.js';

const HOUR_MS = 3_600_000;

function capture() {
  const lines: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) };
  return { lines, logger: createLogger({ service: 'test', level: 'info', destination }) };
}

/** Turns that the test lets in and out one by one. */
function gate() {
  const waiting: (() => void)[] = [];
  let count = 0;
  return {
    arrive(): void {
      count += 1;
      waiting.splice(0).forEach((resolve) => resolve());
    },
    count: () => count,
    async reached(wanted: number): Promise<void> {
      while (count < wanted) await new Promise<void>((resolve) => waiting.push(resolve));
    },
  };
}

describe('a timed loop', () => {
  test('takes its first turn at once and the next after the pause', async () => {
    const turns = gate();
    const { logger } = capture();
    const loop = runEvery({ name: 'look', everyMs: 1, logger, run: async () => turns.arrive() });
    await turns.reached(3);
    await loop.stop();
  });

  test('never overlaps itself, and many pokes during a turn are one more turn', async () => {
    const [started, ended] = [gate(), gate()];
    let running = 0;
    let release: () => void = () => undefined;
    const loop = runEvery({
      name: 'look',
      everyMs: HOUR_MS,
      logger: capture().logger,
      run: async () => {
        expect(++running).toBe(1);
        await new Promise<void>((resolve) => {
          release = resolve;
          started.arrive();
        });
        running -= 1;
        ended.arrive();
      },
    });
    await started.reached(1);
    loop.poke();
    loop.poke();
    loop.poke();
    release();
    await started.reached(2);
    release();
    await ended.reached(2);
    loop.poke();
    await started.reached(3);
    const stopped = loop.stop();
    release();
    await stopped;
    expect(started.count()).toBe(3);
  });

  test('stops only when the current turn has ended, and tells the turn', async () => {
    const turns = gate();
    let finished = false;
    const loop = runEvery({
      name: 'look',
      everyMs: HOUR_MS,
      logger: capture().logger,
      run: async (signal) => {
        turns.arrive();
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
        await new Promise((resolve) => setImmediate(resolve));
        finished = true;
      },
    });
    await turns.reached(1);
    await loop.stop();
    expect(finished).toBe(true);
  });

  test('ends with the signal that it was given', async () => {
    const turns = gate();
    const outer = new AbortController();
    const loop = runEvery({
      name: 'look',
      everyMs: 1,
      logger: capture().logger,
      signal: outer.signal,
      run: async () => turns.arrive(),
    });
    await turns.reached(1);
    outer.abort();
    await loop.stop();
    const count = turns.count();
    loop.poke();
    expect(turns.count()).toBe(count);
  });

  test('logs a failure once per kind with its count, and when it works again', async () => {
    const turns = gate();
    const { lines, logger } = capture();
    const loop = runEvery({
      name: 'look',
      everyMs: 1,
      logger,
      run: async () => {
        turns.arrive();
        const turn = turns.count();
        if (turn <= 3) throw Object.assign(new Error('away'), { code: turn === 2 ? 'other' : 'store_away' });
      },
    });
    await turns.reached(5);
    await loop.stop();
    expect(lines.map(({ level, msg }) => [level, msg])).toEqual([
      ['warn', 'look failed; trying again'],
      ['warn', 'look failed; trying again'],
      ['info', 'look works again'],
    ]);
    expect(lines[2]?.['failures']).toEqual({ store_away: 2, other: 1 });
  });
});
