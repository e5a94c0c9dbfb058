import { expect, test } from '@jest/globals';
import { isTestConversion, keepUnread, transactionKey, type ConversionFacts } from './conversion.js';

const facts: ConversionFacts = {
  tune_event_id: 'e1',
  ad_id: 'a1',
  offer_id: '7',
  affiliate_id: '3',
  local_time: '2026-05-02 10:43:11',
  status: 'approved',
  payout: '1.50000',
  currency: 'USD',
  payout_column: 'payout',
  goal_id: '4',
  ids: { aff_sub: 'Msg00001', source: 'mail' },
};

test('status codes 21 to 23 are test conversions, and no others', () => {
  const codes = ['20', '21', '22', '23', '24', '', null, undefined];
  expect(codes.filter((status_code) => isTestConversion(status_code === undefined ? {} : { status_code }))).toEqual([
    '21',
    '22',
    '23',
  ]);
});

test('a field that an observation did not read keeps what was stored; one that was empty is empty', () => {
  const { goal_id: _, ...refused } = facts;
  const seen = { ...refused, payout: '2.00000', ids: { aff_sub: null } };
  expect(keepUnread(seen, facts)).toEqual({
    ...facts,
    payout: '2.00000',
    ids: { aff_sub: null, source: 'mail' },
  });
});

test('rows of one transaction id belong together; a row without one stands alone', () => {
  expect(transactionKey({ ad_id: 'a1', tune_event_id: 'e1' })).toBe(
    transactionKey({ ad_id: 'a1', tune_event_id: 'e2' }),
  );
  expect(transactionKey({ ad_id: null, tune_event_id: 'a1' })).not.toBe(
    transactionKey({ ad_id: 'a1', tune_event_id: 'x' }),
  );
});
