import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { amountText, formatAmountE5, parseAmountE5, parseSumE5, readAmountE5 } from './money.js';

describe('amounts', () => {
  test('what is written is read back exactly', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 17n) + 1n, max: 10n ** 17n - 1n }), (units) => {
        expect(parseAmountE5(formatAmountE5(units))).toBe(units);
      }),
    );
  });

  test('a single one is below 10^12 in absolute value; a sum has no bound', () => {
    expect(readAmountE5('999999999999.99999')).toBe(10n ** 17n - 1n);
    expect(readAmountE5('-999999999999.99999')).toBe(1n - 10n ** 17n);
    for (const text of ['1000000000000', '-1000000000000', '1000000000000.00000', '9'.repeat(1_000_000)]) {
      expect([readAmountE5(text), parseAmountE5(text)]).toEqual(['too_large', null]);
    }
    expect(parseSumE5('-99999999999990.00000')).toBe(-9_999_999_999_999_000_000n);
    fc.assert(
      fc.property(fc.bigInt(), (units) => {
        expect(parseSumE5(formatAmountE5(units))).toBe(units);
        const bounded = units > -(10n ** 17n) && units < 10n ** 17n;
        expect(readAmountE5(formatAmountE5(units))).toBe(bounded ? units : 'too_large');
      }),
    );
  });

  test('zeros at the end and in front are no digits, however many there are', () => {
    const zeros = fc.integer({ min: 0, max: 50 }).map((count) => '0'.repeat(count));
    const units = fc.bigInt({ min: -(10n ** 17n) + 1n, max: 10n ** 17n - 1n });
    fc.assert(
      fc.property(units, zeros, zeros, (amount, before, after) => {
        const text = formatAmountE5(amount).replace(/^(-?)/, `$1${before}`) + after;
        expect(parseAmountE5(text)).toBe(amount);
        expect(parseAmountE5(amountText(text))).toBe(amount);
        expect(amountText(text).length).toBeLessThanOrEqual(20);
      }),
    );
    expect(readAmountE5(`1.23456${'0'.repeat(1_000_000)}`)).toBe(123_456n);
    expect(readAmountE5(`${'0'.repeat(1_000_000)}1.0`)).toBe(100_000n);
    expect(readAmountE5(`1.${'0'.repeat(1_000_000)}1`)).toBe('unreadable');
  });

  test.each([
    ['12.5', '12.5'],
    ['1.234560', '1.23456'],
    ['-1.10000000', '-1.10000'],
    ['12.50000', '12.50000'],
    ['7', '7'],
    ['00000000000000000012.5', '12.5'],
  ])('%s is kept as %s', (text, kept) => {
    expect(amountText(text)).toBe(kept);
  });

  test.each([
    ['12.5', 1_250_000n],
    ['0', 0n],
    ['-3.00001', -300_001n],
    ['+1', 100_000n],
    ['1080.00000', 108_000_000n],
    ['1.000000', 100_000n],
    ['1.234560', 123_456n],
  ])('%s is read exactly', (text, units) => {
    expect(parseAmountE5(text)).toBe(units);
  });

  test.each(['', ' ', '1e3', '1.000001', '1.2345601', '1,5', '.5', '1.', 'NaN', '0x10', '{payout}', '١', '--1'])(
    '%j is no amount',
    (text) => {
      expect([readAmountE5(text), parseAmountE5(text), parseSumE5(text)]).toEqual(['unreadable', null, null]);
    },
  );
});
