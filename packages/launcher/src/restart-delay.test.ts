import { expect, test } from '@jest/globals';
import { restartDelayMs } from './restart-delay.js';

test('the delay before a restart is half a second and doubles to ten', () => {
  const delays: number[] = [];
  for (let last = 0; delays.length < 7; delays.push(last)) last = restartDelayMs(last, 100);
  expect(delays).toEqual([500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
});

test('thirty seconds alive start the delays anew, a moment less does not', () => {
  expect(restartDelayMs(8_000, 30_000)).toBe(500);
  expect(restartDelayMs(8_000, 29_999)).toBe(10_000);
});
