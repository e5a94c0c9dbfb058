import { expect, test } from '@jest/globals';
import { PageKeys } from './page-keys.js';

function keysOf(...entries: readonly (readonly [id: string | null, content: string])[]): string[] {
  const keys = new PageKeys();
  for (const [id, content] of entries) keys.add(id, () => content);
  return keys.all();
}

test('an id counts once on a page, whatever stands beside it', () => {
  expect(keysOf(['7', 'a'], ['8', 'a'], ['7', 'b'])).toHaveLength(2);
  expect(keysOf(['7', 'b'])).toEqual(keysOf(['7', 'a']));
});

test('entries without an id count each, also alike ones, and are known again on the next page', () => {
  const page = keysOf([null, 'a'], [null, 'a'], [null, 'b']);
  expect(page).toHaveLength(3);
  expect(keysOf([null, 'b'], [null, 'a'], [null, 'a']).sort()).toEqual(page.sort());
});

test('an id is never taken for the content of another entry', () => {
  expect(keysOf(['1/a', ''], [null, 'a'], [null, '1/a'])).toHaveLength(3);
});
