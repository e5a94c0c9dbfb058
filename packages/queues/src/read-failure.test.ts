import { expect, test } from '@jest/globals';
import { readFailure } from './read-failure.js';

test('code, advice and pause of an error are read; what is missing is internal_error that may be tried again', () => {
  const limited = Object.assign(new Error(), { code: 'rate_limited', advice: 'retry-later', retryAfterMs: 10_000 });
  expect(readFailure(limited)).toEqual({ code: 'rate_limited', advice: 'retry-later', retryAfterMs: 10_000 });
  for (const thrown of [new Error(), null, undefined, 'text', { code: 7, advice: 'soon', retryAfterMs: '1' }]) {
    expect(readFailure(thrown)).toEqual({ code: 'internal_error', advice: 'retry', retryAfterMs: undefined });
  }
});
