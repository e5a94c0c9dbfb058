import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fromPublicId, rowIdOf, toPublicId } from './public-id.js';

test('an id of a kind reads back as its row, and as no other kind', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: 9_223_372_036_854_775_807n }), (row) => {
      const id = toPublicId('run', row);
      expect(fromPublicId('run', id)).toBe(row);
      expect(rowIdOf('run', id)).toBe(row);
      expect(fromPublicId('offer', id)).toBeNull();
    }),
  );
});

test('what is no id is no row: other spellings, zero, and numbers that PostgreSQL does not hold', () => {
  const texts = ['', 'run_', 'run_0', 'run_01', 'run_-1', 'run_1 ', 'RUN_1', 'run_9223372036854775808', 'run_1e3'];
  expect(texts.filter((text) => fromPublicId('run', text) !== null)).toEqual([]);
  expect(() => rowIdOf('run', 'run_x')).toThrow(RangeError);
});
