import { expect, test } from '@jest/globals';
import { filledText, idOrNone } from './read-id.js';

test('blanks around a text are not part of it, and nothing but blanks is none', () => {
  const texts = [' a b \n', '', '  ', '\t', null, undefined, '0'];
  expect(texts.map(filledText)).toEqual(['a b', null, null, null, null, null, '0']);
});

test('"0" is no id of the network', () => {
  expect([' 0 ', '0', '00', '10', null].map(idOrNone)).toEqual([null, null, '00', '10', null]);
});
