import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { keepableParameters, readPostback, type PostbackParameters } from './read-postback.js';

const GOOD = { txn_id: 'T1', message_id: 'AAAAAAAA', revenue: '1.50', affiliate_id: '3' };
const read = (changes: PostbackParameters) => readPostback({ ...GOOD, ...changes }, '3');
const said = (changes: PostbackParameters) => {
  const result = read(changes);
  return result.ok ? result.said : result.refusal.code;
};

describe('what a postback says', () => {
  test('names what it has, approved unless it says otherwise', () => {
    expect(said({})).toEqual({
      txn_id: 'T1',
      click_id: null,
      message_id: 'AAAAAAAA',
      goal_id: null,
      event: null,
      status: 'approved',
      amount: '1.50',
      currency: null,
    });
    expect(said({ status: 'Pending', event: 'sale', currency: 'eur', goal_id: '5' })).toMatchObject({
      status: 'pending',
      event: 'sale',
      currency: 'EUR',
      goal_id: '5',
    });
  });

  test.each(['{payout}', '{{payout}}', '%7Bpayout%7D', '%7bpayout%7d', undefined])(
    'an amount of %s is missing, and the postback is good',
    (revenue) => {
      expect(said({ revenue })).toMatchObject({ amount: null });
    },
  );

  test('a literal macro is missing everywhere', () => {
    const macros = { click_id: '{aff_sub2}', goal_id: '{goal_id}', currency: '{currency}', status: '{status}' };
    expect(said({ ...macros, event: '{event}', affiliate_id: '{affiliate_id}', message_id: '%7Baff_sub%7D' })).toEqual({
      ...(said({}) as object),
      message_id: null,
    });
  });

  test.each(['', ' ', ' 1', '1 ', '1,5', '1.', '.5', '+1', '1e3', '0x10', 'NaN', '1.123456', '１'])(
    'an amount of "%s" is unreadable',
    (revenue) => {
      expect(said({ revenue })).toBe('amount_unreadable');
    },
  );

  test('an amount is below 10^12, and zeros at its end are no digits', () => {
    expect(said({ revenue: '999999999999.99999' })).toMatchObject({ amount: '999999999999.99999' });
    expect(said({ revenue: '1000000000000' })).toBe('amount_too_large');
    expect(said({ revenue: '1000000000000.00000' })).toBe('amount_too_large');
    expect(said({ revenue: '-999999999999.99999', event: 'refund' })).toMatchObject({ event: 'refund' });
    expect(said({ revenue: '-1000000000000', event: 'refund' })).toBe('amount_too_large');
    expect(said({ revenue: '1.2345600' })).toMatchObject({ amount: '1.23456' });
  });

  test('a currency that does not exist is refused; case and blanks are not part of one', () => {
    expect(said({ currency: 'XXQ' })).toBe('currency_unreadable');
    expect(said({ currency: ' eur\r\n' })).toMatchObject({ currency: 'EUR' });
    expect(said({ currency: ' ' })).toMatchObject({ currency: null });
  });

  test('blanks and line ends around ids are not part of them', () => {
    const blank = fc.constantFrom('', ' ', '\t', '\r\n', '\u00A0');
    const ids = { txn_id: 'T1', click_id: 'c-1', message_id: 'AAAAAAAA', goal_id: '5', affiliate_id: '3' };
    fc.assert(
      fc.property(fc.tuple(...Object.keys(ids).map(() => fc.tuple(blank, blank))), (pads) => {
        const padded = Object.entries(ids).map(([name, id], at) => [
          name,
          `${pads[at]?.[0] ?? ''}${id}${pads[at]?.[1] ?? ''}`,
        ]);
        expect(said(Object.fromEntries(padded) as PostbackParameters)).toEqual(said(ids));
      }),
    );
  });

  test('only a refund or a chargeback may be negative', () => {
    expect(said({ revenue: '-1' })).toBe('amount_negative');
    expect(said({ revenue: '-1', event: 'sale' })).toBe('amount_negative');
    expect(said({ revenue: '-1', event: 'refund' })).toMatchObject({ amount: '-1', event: 'refund' });
    expect(said({ revenue: '-1', event: 'chargeback' })).toMatchObject({ amount: '-1' });
  });

  test('a postback of another affiliate, with an unknown word or with nothing to know it by is refused', () => {
    expect(said({ affiliate_id: '4' })).toBe('other_affiliate');
    expect(said({ affiliate_id: undefined })).toMatchObject({ amount: '1.50' });
    expect(said({ event: 'party' })).toBe('event_unknown');
    expect(said({ status: 'maybe' })).toBe('status_unknown');
    expect(said({ status: 'constructor' })).toBe('status_unknown');
    expect(said({ currency: 'EURO' })).toBe('currency_unreadable');
    expect(said({ txn_id: '0', message_id: '{aff_sub}' })).toBe('ids_missing');
    expect(said({ revenue: ['1', '2'] })).toBe('repeated_parameter');
    expect(said({ txn_id: 'x'.repeat(501) })).toBe('value_too_long');
    expect(said({ txn_id: 'a\u0000b' })).toBe('unreadable_value');
  });

  test('parameters that a person added are kept, within bounds', () => {
    expect(said({ country: 'DE' })).toMatchObject({ extra: { country: 'DE' } });
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`x${index}`, 'y'.repeat(999)]));
    const { extra } = said(many) as { extra: Record<string, string> };
    expect(Object.keys(extra)).toHaveLength(20);
    expect(Math.max(...Object.values(extra).map((value) => value.length))).toBe(200);
  });

  test('no text whatever makes it throw, and the secret is in nothing that is kept', () => {
    const anything = fc.dictionary(
      fc.constantFrom('revenue', 'txn_id', 'message_id', 'event', 'status', 'x', '__proto__', 'postback_secret'),
      fc.oneof(fc.string({ unit: 'binary' }), fc.array(fc.string())),
    );
    fc.assert(
      fc.property(anything, (parameters) => {
        const given = { ...parameters, postback_secret: 'hush-hush' };
        const result = readPostback(given, '3');
        expect(JSON.stringify([result, keepableParameters(given)])).not.toContain('hush-hush');
      }),
    );
  });
});
