import { expect, test } from '@jest/globals';
import { afterIncomplete, READINGS_MAX } from './after-incomplete.js';

test('a list that was not whole is read three times in all, with growing pauses, and then fails until the next run', () => {
  expect(READINGS_MAX).toBe(3);
  expect([1, 2, 3, 4].map(afterIncomplete)).toEqual([
    { kind: 'read_again', delayMs: 3_000 },
    { kind: 'read_again', delayMs: 15_000 },
    { kind: 'fail', retrySoon: true },
    { kind: 'fail', retrySoon: true },
  ]);
});
