import { describe, expect, test } from '@jest/globals';
import { CodedError, codeOf, readFailure } from './coded-error.js';

class SoupColdError extends CodedError<'soup_cold'> {
  constructor() {
    super('soup_cold', 'The soup is cold', { advice: 'retry-later', retryAfterMs: 10_000, cause: 'the stove' });
  }
}

describe('an error with a code', () => {
  test('is named after its class and says what to do', () => {
    const error = new SoupColdError();
    expect(error).toMatchObject({ name: 'SoupColdError', message: 'The soup is cold', cause: 'the stove' });
    expect(readFailure(error)).toEqual({ code: 'soup_cold', advice: 'retry-later', retryAfterMs: 10_000 });
    expect(String(error)).toBe('SoupColdError: The soup is cold');
  });

  test('what nobody foresaw is internal_error that may be tried again, whatever code a library gave it', () => {
    const foreign = Object.assign(new Error('duplicate key'), { code: '23505', advice: 'never' });
    for (const thrown of [foreign, new Error(), null, undefined, 'text', { code: 7, advice: 'soon' }]) {
      expect(readFailure(thrown)).toEqual({ code: 'internal_error', advice: 'retry', retryAfterMs: undefined });
    }
  });
});

test.each([
  [new SoupColdError(), 'soup_cold'],
  [Object.assign(new Error(), { code: '40P01' }), '40P01'],
  [{ code: 7 }, null],
  [{ code: '' }, null],
  [null, null],
  ['code', null],
])('the code of %p is %p', (error, code) => {
  expect(codeOf(error)).toBe(code);
});
