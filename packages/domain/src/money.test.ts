import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatAmountE5, parseAmountE5 } from './money.js';

describe('amounts', () => {
  test('what is written is read back exactly', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n }), (units) => {
        expect(parseAmountE5(formatAmountE5(units))).toBe(units);
      }),
    );
  });

  test.each([
    ['12.5', 1_250_000n],
    ['0', 0n],
    ['-3.00001', -300_001n],
    ['+1', 100_000n],
    ['1080.00000', 108_000_000n],
  ])('%s is read exactly', (text, units) => {
    expect(parseAmountE5(text)).toBe(units);
  });

  test.each(['', ' ', '1e3', '1.000001', '1.000000', '1,5', '.5', '1.', 'NaN', '0x10', '{payout}', '99999999999999'])(
    '%j is no amount',
    (text) => {
      expect(parseAmountE5(text)).toBeNull();
    },
  );
});
