import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { storableRow, storableText } from './storable-text.js';

test('holds neither NUL nor half a character, is otherwise the same, and stays as it is the second time', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const clean = storableText(text);
      expect(clean.isWellFormed() && !clean.includes('\u0000')).toBe(true);
      expect(storableText(clean)).toBe(clean);
      if (text.isWellFormed() && !text.includes('\u0000')) expect(clean).toBe(text);
    }),
  );
});

test('of a row names and values alike; null stays null', () => {
  expect(storableRow({ 'a\u0000': 'b\ud800', c: null })).toEqual({ 'a\ufffd': 'b\ufffd', c: null });
});
