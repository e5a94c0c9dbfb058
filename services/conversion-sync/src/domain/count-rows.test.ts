import { expect, test } from '@jest/globals';
import { countReasons, countRows } from './count-rows.js';

test('a row counts once in its slice, however often it is shown', () => {
  const page = { readableKeys: new Set(['a', 'b', 'c']), unreadableKeys: new Set(['x', 'y']) };
  expect(countRows(page, new Set(['a', 'x']))).toEqual({ fetched: 2, rejected: 1, repeated: 2 });
  expect(countRows(page, new Set())).toEqual({ fetched: 0, rejected: 0, repeated: 3 });
});

test('what could not be read is counted by reason', () => {
  const rows = ['time_unreadable', 'payout_missing', 'time_unreadable'].map((reason) => ({ reason }));
  expect(countReasons(rows as unknown as Parameters<typeof countReasons>[0])).toEqual({
    ...{ time_unreadable: 2, payout_missing: 1 },
  });
});
