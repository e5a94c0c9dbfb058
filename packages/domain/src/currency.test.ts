import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { currencyCodeOf, isKnownCurrency } from './currency.js';

const supported = new Set(Intl.supportedValuesOf('currency'));

describe('currencies', () => {
  test.each(['USD', 'EUR', 'VND', 'CZK', 'DEM'])('%s is one that ISO 4217 knows or knew', (code) => {
    expect(isKnownCurrency(code)).toBe(true);
  });

  test.each(['XXQ', 'usd', 'EURO', 'US', '', ' USD', 'USD ', 'US1', '€', 'constructor'])('%j is none', (code) => {
    expect(isKnownCurrency(code)).toBe(false);
  });

  test('every currency in use is known, in whatever case and with whatever blanks a network writes it', () => {
    const blanks = fc.constantFrom('', ' ', '\t', '\r\n', '\u00A0');
    fc.assert(
      fc.property(fc.constantFrom(...supported), fc.boolean(), blanks, blanks, (code, lower, before, after) => {
        const written = `${before}${lower ? code.toLowerCase() : code}${after}`;
        expect(currencyCodeOf(written)).toBe(code);
        expect(isKnownCurrency(code)).toBe(true);
      }),
    );
    for (const nothing of [null, undefined, '', ' \r\n']) expect(currencyCodeOf(nothing)).toBeNull();
  });
});
