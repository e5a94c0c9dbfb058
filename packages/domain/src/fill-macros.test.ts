import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fillMacros, holdsMacro, type MacroValues } from './fill-macros.js';

const values: MacroValues = { messageId: 'Ab3dEf9h', offerId: 'ofr_1', externalId: '7', clickId: 'c 1' };
const fill = (text: string, changes: Partial<MacroValues> = {}) =>
  fillMacros(text, { ...values, ...changes }, encodeURIComponent);

test('known macros are filled and encoded, however their braces are written', () => {
  expect(fill('{{messageId}}|{{ offerId }}|%7B%7BexternalId%7D%7D|{click_id}')).toEqual({
    ...{ text: 'Ab3dEf9h|ofr_1|7|c%201', unresolved: [] },
  });
});

test('a macro that stands for nothing stays and is named; an encoded brace around another word is just text', () => {
  expect(fill('{{clickId}} {transaction_id} %7Bword%7D', { clickId: null })).toEqual({
    text: '{{clickId}} {transaction_id} %7Bword%7D',
    unresolved: ['{{clickId}}', '{transaction_id}'],
  });
  expect([holdsMacro('a{b}'), holdsMacro('a b')]).toEqual([true, false]);
});

test('what a value holds is never read as a macro', () => {
  fc.assert(
    fc.property(fc.constantFrom('{{clickId}}', '{click_id}', '%7B%7BofferId%7D%7D'), (inside) => {
      expect(fillMacros('{{messageId}}', { ...values, messageId: inside }, (value) => value).text).toBe(inside);
    }),
  );
});
