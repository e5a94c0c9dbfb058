import { describe, expect, test } from '@jest/globals';
import { batchCalls, TooManyWaitingError } from './batch-calls.js';

/** A run that ends when it is told to, and remembers its batches. */
function heldRun() {
  const batches: number[][] = [];
  const open: (() => void)[] = [];
  const awaited: (() => void)[] = [];
  const awaitNext = () => new Promise<void>((resolve) => awaited.push(resolve));
  return {
    batches,
    run: async (batch: readonly number[]) => {
      batches.push([...batch]);
      await new Promise<void>((resolve) => {
        open.push(resolve);
        awaited.shift()?.();
      });
      return batch.map((call) => call * 10);
    },
    /** Resolves when the next batch has started. */
    awaitNext,
    /** Ends the batch under way and resolves when the next one has started. */
    async finishAndAwaitNext(): Promise<void> {
      const next = awaitNext();
      open.shift()?.();
      await next;
    },
    finish: () => open.shift()?.(),
  };
}

const never = () => false;

describe('calls made together', () => {
  test('what arrives while a batch is under way goes out as the next one, and each gets its own result', async () => {
    const { run, batches, finish, awaitNext, finishAndAwaitNext } = heldRun();
    const call = batchCalls({ run, isEverybodys: never, batchMax: 2, waitingMax: 10 });
    const first = call(1);
    const rest = [call(2), call(3), call(4)];
    expect(batches).toEqual([[1]]);
    await finishAndAwaitNext();
    expect(await first).toBe(10);
    expect(batches).toEqual([[1], [2, 3]]);
    await finishAndAwaitNext();
    expect(await Promise.all(rest.slice(0, 2))).toEqual([20, 30]);
    finish();
    expect(await rest[2]).toBe(40);
    expect(batches).toEqual([[1], [2, 3], [4]]);
    const started = awaitNext();
    const again = call(5);
    await started;
    finish();
    expect(await again).toBe(50);
  });

  test('a call that cannot be made fails alone', async () => {
    const run = async (batch: readonly number[]) => {
      if (batch.includes(3)) throw new Error('three');
      return batch;
    };
    const call = batchCalls({ run, isEverybodys: never, batchMax: 10, waitingMax: 10 });
    const results = await Promise.allSettled([1, 2, 3, 4, 5].map(call));
    expect(results.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
      'fulfilled',
    ]);
  });

  test('an error that meets everybody is told to all at once', async () => {
    let runs = 0;
    const run = async (): Promise<number[]> => {
      runs += 1;
      throw new Error('away');
    };
    const call = batchCalls({ run, isEverybodys: () => true, batchMax: 10, waitingMax: 10 });
    const results = await Promise.allSettled([1, 2, 3].map(call));
    expect(results.every(({ status }) => status === 'rejected')).toBe(true);
    expect(runs).toBe(2);
  });

  test('more than may wait is refused, and those that wait are served', async () => {
    const { run, finish, finishAndAwaitNext } = heldRun();
    const call = batchCalls({ run, isEverybodys: never, batchMax: 5, waitingMax: 2 });
    const served = [call(1), call(2), call(3)];
    await expect(call(4)).rejects.toBeInstanceOf(TooManyWaitingError);
    await finishAndAwaitNext();
    finish();
    expect(await Promise.all(served)).toEqual([10, 20, 30]);
  });
});
