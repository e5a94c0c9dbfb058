import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readBoolean } from './read-boolean.js';

const YES = ['1', 'true', 'yes', 'on', 'y', 't', 'enabled', '2', '-1', '+1', '01', '0.5'];
const NO = [null, '', ' ', '0', '00', '0.00000', '-0', 'false', 'no', 'off', 'n', 'f', 'disabled', 'null', 'none'];

describe('booleans of a network', () => {
  test.each(YES)('%j is yes', (text) => expect(readBoolean(text)).toBe(true));
  test.each(NO)('%j is no', (text) => expect(readBoolean(text)).toBe(false));
  test.each(['maybe', '1,0', 'tru', '0x1', '1e3', '{}', '[]', 'true false', '.'])('%j is neither', (text) =>
    expect(readBoolean(text)).toBeNull(),
  );

  test('case and blanks around it change nothing', () => {
    const words = fc.constantFrom(...YES, ...NO.filter((word) => word !== null));
    const blanks = fc.constantFrom('', ' ', '\t', '\r\n', '\u00A0');
    fc.assert(
      fc.property(words, blanks, blanks, fc.array(fc.boolean(), { minLength: 8 }), (word, before, after, upper) => {
        const written = word.replace(/./g, (char, at: number) => (upper[at] === true ? char.toUpperCase() : char));
        expect(readBoolean(`${before}${written}${after}`)).toBe(readBoolean(word));
      }),
    );
  });
});
