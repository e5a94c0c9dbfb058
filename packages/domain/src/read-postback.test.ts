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

  test.each(['', ' ', ' 1', '1 ', '1,5', '1.', '.5', '+1', '1e3', '0x10', 'NaN', '1.123456', '1234567890', '１'])(
    'an amount of "%s" is unreadable',
    (revenue) => {
      expect(said({ revenue })).toBe('amount_unreadable');
    },
  );

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
