import fc from 'fast-check';
import { badHeaders } from './draw-headers.js';
import type { DrawnBody, DrawnRequest } from './drawn-request.js';
import { Known, type Drawn } from './drawn-values.js';
import { hostileName, hostileText, hostileValue } from './hostile-values.js';
import { seldom } from './seldom.js';
import { spoil, spoilings } from './spoil.js';
import { known } from './valid-values.js';

const INDEX_MAX = 1_000;
const BODY_TYPES = [
  ...[
    'application/x-www-form-urlencoded',
    'application/json',
    'application/ld+json',
    'APPLICATION/JSON;charset=latin1',
  ],
  ...['text/plain', 'multipart/form-data; boundary=', 'application/jsonx', ''],
];

type Pair = readonly [name: string, value: Drawn];

/** An offer with its own secret, now and then with another one. */
const admission: fc.Arbitrary<Pair[]> = fc
  .tuple(fc.nat(INDEX_MAX), seldom(known('postbackSecret'), 12))
  .map(([index, other]) => [
    ['offer_id', new Known('postbackOffer', index)],
    ['postback_secret', other ?? new Known('postbackSecret', index)],
  ]);

const said = fc
  .record(
    {
      txn_id: fc.uuid(),
      revenue: fc.constantFrom(
        '12.5',
        '12.50000',
        '7',
        '0',
        '0.00001',
        '999999999999.99999',
        '{payout}',
        '',
        '-1',
        '1e3',
        '1,5',
      ),
      message_id: known('message'),
      click_id: known('click'),
      goal_id: fc.constantFrom('0', '3', '{goal_id}', ''),
      affiliate_id: fc.constantFrom('1002', '1002', '1003', '{affiliate_id}', '01002'),
      currency: fc.constantFrom('USD', 'EUR', 'CZK', 'INR', 'usd', 'XXX', '{currency}'),
      status: fc.constantFrom('approved', 'approved', 'pending', 'rejected', 'Approved', ''),
      event: fc.constantFrom('sale', 'sale', 'lead', 'refund', 'chargeback', 'rebill', 'x'),
    },
    { requiredKeys: ['txn_id', 'revenue'] },
  )
  .map((fields): Pair[] => Object.entries(fields));

const extra: fc.Arbitrary<Pair[]> = fc.oneof(
  { arbitrary: fc.constant<Pair[]>([]), weight: 3 },
  { arbitrary: fc.tuple(hostileName, hostileText).map((pair) => [pair]), weight: 1 },
  {
    arbitrary: fc
      .tuple(
        fc.constantFrom('txn_id', 'revenue', 'click_id', 'message_id', 'currency', 'offer_id', 'goal_id'),
        hostileText,
      )
      .map((pair) => [pair]),
    weight: 3,
  },
);

/** `/conv/offer` in all its ways: query, form, JSON, some of each, with what networks and others really send. */
export const postbacks: fc.Arbitrary<DrawnRequest> = fc
  .record({
    method: fc.constantFrom(...Array<string>(6).fill('GET'), ...Array<string>(6).fill('POST'), 'HEAD', 'PUT'),
    admission,
    said,
    extra,
    /** So many of the parameters stand in the body. */
    inBody: fc.nat(12),
    type: fc.oneof(
      { arbitrary: fc.constantFrom(...BODY_TYPES.slice(0, 4)), weight: 6 },
      { arbitrary: fc.constantFrom(...BODY_TYPES), weight: 1 },
    ),
    changes: seldom(spoilings, 8),
    other: seldom(hostileValue, 20),
    tail: seldom(
      fc.constantFrom('%', '%zz', '&&=', 'revenue=%ff', 'txn_id=%00', 'txn_id=a+b', '__proto__=1', 'a[b]=1'),
      12,
    ),
    cut: seldom(fc.integer({ min: 1, max: 30 }), 20),
    headers: seldom(badHeaders, 6),
  })
  .map(
    ({
      method,
      admission: admitted,
      said: told,
      extra: more,
      inBody,
      type,
      changes,
      other,
      tail,
      cut,
      headers: lines,
    }) => {
      const pairs = [...told, ...more, ...admitted];
      const bodyless = method === 'GET' || method === 'HEAD';
      const content: Drawn = Object.fromEntries(pairs.slice(0, inBody));
      const isJson = /json/i.test(type);
      const body: DrawnBody = {
        type,
        content: other ?? (changes !== null && isJson ? spoil(content, changes) : content),
        as: isJson ? 'json' : 'form',
        cut: cut ?? 0,
      };
      return {
        target: 'postbacks',
        method,
        path: [{ literal: 'conv' }, { literal: 'offer' }],
        query: bodyless ? pairs : pairs.slice(inBody),
        tail: tail ?? '',
        key: 'none',
        headers: lines ?? [],
        body: bodyless ? null : body,
      };
    },
  );
