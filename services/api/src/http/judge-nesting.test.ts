import { describe, expect, test } from '@jest/globals';
import { isNestedTooDeeply, NESTING_MAX } from './judge-nesting.js';

const lists = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

describe('nesting of a body', () => {
  test.each([
    ['as deep as may be', lists(NESTING_MAX)],
    ['many beside each other', `[${Array.from({ length: 200 }, () => '{"a":[]}').join(',')}]`],
    ['brackets in a text', JSON.stringify({ a: '['.repeat(500) })],
    ['brackets behind a quote in a text', JSON.stringify({ a: `"${'{'.repeat(500)}`, b: `\\${'['.repeat(500)}` })],
    ['nothing', ''],
  ])('%s is not too deep', (_what, json) => {
    expect(isNestedTooDeeply(json)).toBe(false);
  });

  test.each([
    ['one list too many', lists(NESTING_MAX + 1)],
    ['objects', `${'{"a":'.repeat(NESTING_MAX + 1)}1${'}'.repeat(NESTING_MAX + 1)}`],
    ['behind a text that ends with a backslash', `{"a":"\\\\","b":${lists(NESTING_MAX)}}`],
  ])('%s is too deep', (_what, json) => {
    expect(isNestedTooDeeply(json)).toBe(true);
  });
});
