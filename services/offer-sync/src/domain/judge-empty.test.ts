import { expect, test } from '@jest/globals';
import { judgeEmpty } from './judge-empty.js';

test('an empty catalogue where there were offers is doubted until a person says that it is right', () => {
  const judge = (isEmpty: boolean, offersBefore: number, acceptEmpty: boolean) =>
    judgeEmpty({ isEmpty, offersBefore, acceptEmpty });
  expect(judge(true, 5, false)).toBe('doubted');
  expect(judge(true, 5, true)).toBe('certain');
  expect(judge(true, 0, false)).toBe('as_told');
  expect(judge(false, 5, true)).toBe('as_told');
});
