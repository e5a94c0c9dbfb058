import { expect, test } from '@jest/globals';
import { describeSuccess } from './describe-end.js';

const run = { kind: 'conversions', fetched: 10, rejected: 0, done: 0 };

test('"all attributed and on the books" is said only of runs that could read every row', () => {
  expect(describeSuccess(run)).toContain('10 conversions read, all attributed and on the books');
  for (const rejected of [1, 9]) expect(describeSuccess({ ...run, rejected })).not.toContain('all');
  expect(describeSuccess({ ...run, rejected: 2 })).toContain('8 of 10 rows read');
  expect(describeSuccess({ ...run, fetched: 0 })).not.toContain('books');
  expect(describeSuccess({ ...run, kind: 'reattribution', done: 3 })).toContain('3 conversions decided again');
});
