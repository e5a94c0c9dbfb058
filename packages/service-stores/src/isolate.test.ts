import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isolate } from './isolate.js';

const never = () => false;

describe('isolating what fails', () => {
  test('everything but the bad items goes through once, and each bad one fails alone', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 300 }),
        fc.uniqueArray(fc.nat(299), { maxLength: 5 }),
        async (size, some) => {
          const bad = new Set(some.filter((n) => n < size));
          const items = Array.from({ length: size }, (_, n) => n);
          const [through, failed]: [number[], number[]] = [[], []];
          let calls = 0;
          await isolate(items, {
            isEverybodys: never,
            async work(part) {
              calls += 1;
              if (part.some((n) => bad.has(n))) throw new Error('bad');
              through.push(...part);
            },
            onFailed: (item) => void failed.push(item),
          });
          expect(through.sort((a, b) => a - b)).toEqual(items.filter((n) => !bad.has(n)));
          expect(failed.sort((a, b) => a - b)).toEqual([...bad].sort((a, b) => a - b));
          // One bad item among n costs about twice the number of halvings.
          expect(calls).toBeLessThanOrEqual(1 + bad.size * 2 * Math.ceil(Math.log2(size) + 1));
        },
      ),
    );
  });

  test('what would meet everybody alike is thrown at once', async () => {
    let calls = 0;
    const away = new Error('away');
    const work = async () => {
      calls += 1;
      throw away;
    };
    await expect(isolate([1, 2, 3], { work, isEverybodys: () => true, onFailed: () => undefined })).rejects.toBe(away);
    expect(calls).toBe(1);
  });

  test('the failing half comes after the other one', async () => {
    const order: string[] = [];
    await isolate([0, 1, 2, 3, 4, 5, 6, 7], {
      isEverybodys: never,
      async work(part) {
        if (part.includes(0)) throw new Error('bad');
        order.push(part.join());
      },
      onFailed: (item) => void order.push(`${item} failed`),
    });
    expect(order).toEqual(['4,5,6,7', '2,3', '0 failed', '1']);
  });
});
