import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { KeySet, keyOf, readKeys, writeKeys } from './key-set.js';

const KEYS = fc.array(
  fc.oneof(
    fc.bigInt({ min: 1n, max: 40n }),
    // Keys that belong into one slot, and the greatest there is.
    fc.bigInt({ min: 0n, max: 30n }).map((n) => (n << 32n) | 7n),
    fc.constant(0xffff_ffff_ffff_ffffn),
  ),
  { maxLength: 200 },
);

test('is a set, whichever keys come in whichever order', () => {
  fc.assert(
    fc.property(KEYS, (keys) => {
      const [ours, theirs] = [new KeySet(), new Set<bigint>()];
      for (const key of keys) {
        expect(ours.add(key)).toBe(!theirs.has(key));
        theirs.add(key);
      }
      expect(ours.size).toBe(theirs.size);
    }),
  );
});

test('grows with its keys and forgets none', () => {
  const keys = Array.from({ length: 20_000 }, (_, n) => keyOf(`row ${n}`));
  const set = new KeySet();
  expect(keys.filter((key) => !set.add(key))).toEqual([]);
  expect(keys.filter((key) => set.add(key))).toEqual([]);
  expect(set.size).toBe(keys.length);
});

test('keys are stored as eight bytes each and come back as they were', () => {
  const keys = ['a', 'b', ''].map(keyOf);
  expect(writeKeys(keys)).toHaveLength(24);
  expect([...readKeys(writeKeys(keys))]).toEqual(keys);
});
