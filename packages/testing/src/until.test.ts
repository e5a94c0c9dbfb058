import { expect, test } from '@jest/globals';
import { until } from './until.js';

test('resolves to the first answer that is neither null, undefined nor false; zero is an answer', async () => {
  const answers = [null, undefined, false, 0, 1];
  expect(await until(() => answers.shift())).toBe(0);
});

test('goes on over errors, and at its limit says what was waited for and the last of them', async () => {
  const fails = (): never => {
    throw new Error('not there');
  };
  await expect(until('the moon rises', 20, fails)).rejects.toThrow(
    'Not within 20 ms: the moon rises; the last error: not there',
  );
});
