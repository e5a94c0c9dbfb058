import { describe, expect, test } from '@jest/globals';
import { amountOfPostback, mergePostbacks, postbackKey, searchOfPostback, type PostbackFacts } from './postback.js';

const FACTS: PostbackFacts = {
  offer_id: '7',
  txn_id: 'T1',
  click_id: 'k1',
  message_id: 'AAAAAAAA',
  goal_id: null,
  event: null,
  status: 'approved',
  amount: '1.50',
  currency: 'USD',
  received_at: '2026-05-02T10:00:00.000Z',
};
const key = (changes: Partial<PostbackFacts>, offerId = 1n) => postbackKey(offerId, { ...FACTS, ...changes });

describe('the identity of a postback', () => {
  test('a repeated delivery is the same record, however the amount is written and whatever its state', () => {
    expect(key({ amount: '1.50000', received_at: '2026-06-01T00:00:00.000Z' })).toBe(key({}));
    expect(key({ status: 'rejected' })).toBe(key({}));
    expect(key({ click_id: null, message_id: 'BBBBBBBB' })).toBe(key({}));
  });

  test('another offer, transaction, event, goal or amount is another record', () => {
    const others = [
      key({}, 2n),
      key({ txn_id: 'T2' }),
      key({ event: 'rebill' }),
      key({ event: 'refund' }),
      key({ goal_id: '5' }),
      key({ goal_id: '0' }),
      key({ amount: '1.51' }),
      key({ amount: null }),
      key({ currency: 'EUR' }),
    ];
    expect(new Set([key({}), ...others]).size).toBe(others.length + 1);
  });

  test('without a transaction id the click and the message tell postbacks apart', () => {
    const alone = { txn_id: null };
    expect(key({ ...alone })).not.toBe(key({ ...alone, message_id: 'BBBBBBBB' }));
    expect(key({ ...alone })).not.toBe(key({ ...alone, click_id: 'k2' }));
    expect(key({ ...alone })).toBe(key({ ...alone }));
  });

  test('a refund is one refund, whichever sign it is written with', () => {
    expect(key({ event: 'refund', amount: '-1.5' })).toBe(key({ event: 'refund', amount: '1.5' }));
    expect(amountOfPostback({ event: 'refund', amount: '1.5' })).toBe(-150_000n);
    expect(amountOfPostback({ event: 'chargeback', amount: '-1.5' })).toBe(-150_000n);
    expect(amountOfPostback({ event: 'sale', amount: '1.5' })).toBe(150_000n);
    expect(amountOfPostback({ event: null, amount: null })).toBeNull();
  });
});

test('the state moves forward only, whichever delivery is taken first', () => {
  const at = (minute: number, status: PostbackFacts['status']): PostbackFacts => ({
    ...FACTS,
    status,
    received_at: `2026-05-02T10:0${minute}:00.000Z`,
  });
  const [pending, approved, rejected] = [at(1, 'pending'), at(2, 'approved'), at(3, 'rejected')];
  for (const [a, b, status] of [
    [pending, approved, 'approved'],
    [approved, pending, 'approved'],
    [rejected, pending, 'rejected'],
    [at(0, 'rejected'), approved, 'rejected'],
  ] as const) {
    expect(mergePostbacks(a, b).status).toBe(status);
    expect(mergePostbacks(b, a)).toEqual(mergePostbacks(a, b));
  }
  expect(mergePostbacks(approved, pending).received_at).toBe(pending.received_at);
});

test('a postback looks for a click by its transaction id, then its click id, then for its message', () => {
  expect(searchOfPostback(FACTS)).toEqual({
    clicks: [
      { field: 'txn_id', key: 'T1' },
      { field: 'click_id', key: 'k1' },
    ],
    message: { field: 'message_id', value: 'AAAAAAAA' },
  });
  expect(searchOfPostback({ txn_id: 'T1', click_id: 'T1', message_id: 'not a message id' })).toEqual({
    clicks: [{ field: 'txn_id', key: 'T1' }],
    message: null,
  });
});
