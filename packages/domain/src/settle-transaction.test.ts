import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ConversionFacts } from './conversion.js';
import type { Click, Message } from './facts-of-platform.js';
import { amountOfPostback, isReversal, postbackKey, type PostbackFacts } from './postback.js';
import { settleTransaction, type PostbackConversion, type PulledConversion } from './settle-transaction.js';
import type { SettledConversion } from './settled-conversion.js';
import type { SettingsVersion } from './settings.js';

const SETTINGS: SettingsVersion = {
  version: 1,
  messageIdField: 'aff_sub',
  clickIdField: 'affiliate_click_id',
  clickWindowDays: 90,
  timeZone: 'America/New_York',
  defaultCurrency: 'USD',
};
const pinned = { factVersion: 1, settings: SETTINGS, clickWindowDays: 90 };

function pulledOf(id: bigint, changes: Partial<ConversionFacts> = {}): PulledConversion {
  const facts: ConversionFacts = {
    tune_event_id: `e${id}`,
    ad_id: 'T1',
    offer_id: '7',
    affiliate_id: '3',
    local_time: '2026-05-02 10:00:00',
    status: 'approved',
    payout: '10.00',
    currency: 'USD',
    payout_column: 'payout',
    goal_id: '0',
    ids: {},
    ...changes,
  };
  return { conversionId: id, ...pinned, facts };
}

function postbackOf(id: bigint, changes: Partial<PostbackFacts> = {}): PostbackConversion {
  const facts: PostbackFacts = {
    offer_id: '7',
    txn_id: 'T1',
    click_id: null,
    message_id: null,
    goal_id: null,
    event: null,
    status: 'approved',
    amount: '10.00',
    currency: 'USD',
    // 22:30 in New York: the day in the zone is not the day in UTC.
    received_at: '2026-05-03T02:30:00.000Z',
    ...changes,
  };
  return { conversionId: id, ...pinned, key: postbackKey(1n, { ...facts, currency: null }), facts };
}

const NOBODY = { clicks: new Map<string, Click>(), messages: new Map<string, Message>() };
const message = (messageId: string): Message => ({ messageId, creativeId: 'c', campaignId: null });

const settle = (pulled: PulledConversion[], postbacks: PostbackConversion[], candidates = NOBODY) =>
  settleTransaction({ pulled, postbacks, candidates });

/** `counting revenue/unconfirmed/pending/conversions` of each record, by id. */
const shown = (settled: SettledConversion[]) =>
  settled.map(({ counting, booking: { worth } }) =>
    [counting, `${worth.revenue}/${worth.unconfirmed}/${worth.pending}/${worth.conversions}`].join(' '),
  );

describe('one conversion, two ways in', () => {
  test('a postback alone counts, unconfirmed, on the day of its receipt in the zone of the integration', () => {
    const settled = settle([], [postbackOf(1n)]);
    expect(shown(settled)).toEqual(['approved 1000000/1000000/0/1']);
    expect(settled[0]?.booking.place).toMatchObject({ day: '2026-05-02', currency: 'USD', externalOfferId: '7' });
  });

  test('the pulled row that claims it is what counts, with its own amount', () => {
    const settled = settle([pulledOf(2n, { payout: '12.00' })], [postbackOf(1n)]);
    expect(shown(settled)).toEqual(['claimed 0/0/0/0', 'approved 1200000/0/0/1']);
    expect(settled).toMatchObject([{ claimedBy: 2n }, { claims: 1n }]);
  });

  test('a second postback beside one pulled row is ambiguous, until a second row comes', () => {
    const postbacks = [postbackOf(1n), postbackOf(2n, { amount: '11.00' })];
    expect(shown(settle([], postbacks))).toEqual(['approved 1000000/1000000/0/1', 'approved 1100000/1100000/0/1']);
    expect(shown(settle([pulledOf(3n)], postbacks))).toEqual([
      'claimed 0/0/0/0',
      'ambiguous 0/0/0/0',
      'approved 1000000/0/0/1',
    ]);
    expect(shown(settle([pulledOf(3n), pulledOf(4n)], postbacks)).slice(0, 2)).toEqual([
      'claimed 0/0/0/0',
      'claimed 0/0/0/0',
    ]);
  });

  test('a postback for a goal that no pulled row has goes on counting', () => {
    const settled = settle([pulledOf(2n)], [postbackOf(1n, { goal_id: '5' })]);
    expect(shown(settled)).toEqual(['approved 1000000/1000000/0/1', 'approved 1000000/0/0/1']);
  });

  test("a goal's name names no goal, so the row with its number claims the postback and nothing counts twice", () => {
    const named = postbackOf(1n, { goal_id: 'Lead' });
    expect(shown(settle([], [named]))).toEqual(['approved 1000000/1000000/0/1']);
    const row = pulledOf(2n, { goal_id: '46' });
    expect(shown(settle([row], [named]))).toEqual(['claimed 0/0/0/0', 'approved 1000000/0/0/1']);
    const other = postbackOf(3n, { goal_id: 'Sale' });
    expect(shown(settle([row], [named, other])).sort()).toEqual([
      'ambiguous 0/0/0/0',
      'approved 1000000/0/0/1',
      'claimed 0/0/0/0',
    ]);
    expect(shown(settle([pulledOf(2n, { goal_id: 'Lead' })], [postbackOf(1n, { goal_id: '46' })]))[0]).toBe(
      'claimed 0/0/0/0',
    );
  });

  test('what was decided by an earlier rule is decided by it again', () => {
    const transaction = { pulled: [pulledOf(2n, { goal_id: '46' })], postbacks: [postbackOf(1n, { goal_id: 'Lead' })] };
    const before = settleTransaction({ ...transaction, candidates: NOBODY }, 3);
    expect(shown(before)).toEqual(['approved 1000000/1000000/0/1', 'approved 1000000/0/0/1']);
    expect(before.map(({ ruleVersion }) => ruleVersion)).toEqual([3, 3]);
  });

  test('a row rejected without an amount is worth nothing, and still claims its postback', () => {
    const rejected = pulledOf(2n, { status: 'rejected', payout: null });
    expect(shown(settle([rejected], [postbackOf(1n)]))).toEqual(['claimed 0/0/0/0', 'rejected 0/0/0/0']);
    expect(shown(settle([rejected], [postbackOf(1n, { amount: null })]))).toEqual([
      'claimed 0/0/0/0',
      'rejected 0/0/0/0',
    ]);
  });

  test('a postback left over beside a row whose goal the network does not show is ambiguous, never counted twice', () => {
    const row = pulledOf(3n);
    const { goal_id: _unknown, ...facts } = row.facts;
    const postbacks = [postbackOf(1n, { goal_id: '5' }), postbackOf(2n, { goal_id: '6', amount: '11.00' })];
    expect(shown(settle([{ ...row, facts }], postbacks))).toEqual([
      'claimed 0/0/0/0',
      'ambiguous 0/0/0/0',
      'approved 1000000/0/0/1',
    ]);
  });

  test('a postback of another offer in the same transaction is ambiguous', () => {
    expect(shown(settle([pulledOf(2n)], [postbackOf(1n, { offer_id: '8' })]))[0]).toBe('ambiguous 0/0/0/0');
    expect(shown(settle([pulledOf(2n)], [postbackOf(1n, { offer_id: 'ofr_1' })]))[0]).toBe('claimed 0/0/0/0');
  });

  test('a refund takes away only while there is no pulled row', () => {
    const refund = postbackOf(2n, { event: 'refund', amount: '4.00' });
    expect(shown(settle([], [postbackOf(1n), refund]))[1]).toBe('approved -400000/-400000/0/0');
    expect(shown(settle([pulledOf(3n)], [postbackOf(1n), refund]))).toEqual([
      'claimed 0/0/0/0',
      'superseded 0/0/0/0',
      'approved 1000000/0/0/1',
    ]);
  });

  test('without an amount it counts nothing, and the pull knows it', () => {
    const postback = postbackOf(1n, { amount: null });
    expect(shown(settle([], [postback]))).toEqual(['amount_missing 0/0/0/0']);
    expect(shown(settle([pulledOf(2n)], [postback]))[0]).toBe('claimed 0/0/0/0');
  });

  test('pending stands apart and rejected is worth nothing', () => {
    expect(shown(settle([], [postbackOf(1n, { status: 'pending' })]))).toEqual(['pending 0/0/1000000/0']);
    expect(shown(settle([], [postbackOf(1n, { status: 'rejected' })]))).toEqual(['rejected 0/0/0/0']);
  });

  test('a postback of a test conversion is claimed by the test, and counts nothing', () => {
    expect(shown(settle([pulledOf(2n, { status_code: '21' })], [postbackOf(1n)]))).toEqual([
      'claimed 0/0/0/0',
      'test 0/0/0/0',
    ]);
  });

  test('what the row does not find by itself its postback may, by click and by message', () => {
    const known = {
      clicks: new Map([
        [
          'k1',
          { clickId: 'k1', messageId: 'AAAAAAAA', clickedAt: new Date('2026-05-01T00:00:00Z'), isBot: false },
        ] as const,
      ]),
      messages: new Map([message('AAAAAAAA'), message('BBBBBBBB')].map((one) => [one.messageId, one])),
    };
    const byClick = settle([pulledOf(2n)], [postbackOf(1n, { click_id: 'k1', message_id: 'BBBBBBBB' })], known)[1];
    expect(byClick?.found).toMatchObject({ reason: 'click_by_postback', message: { messageId: 'AAAAAAAA' } });
    const byMessage = settle([pulledOf(2n)], [postbackOf(1n, { message_id: 'BBBBBBBB' })], known)[1];
    expect(byMessage?.found).toMatchObject({ reason: 'message_by_postback', message: { messageId: 'BBBBBBBB' } });
    const own = pulledOf(2n, { ids: { aff_sub: 'AAAAAAAA' } });
    const bySelf = settle([own], [postbackOf(1n, { message_id: 'BBBBBBBB' })], known)[1];
    expect(bySelf?.found).toMatchObject({ reason: 'no_click_found', message: { messageId: 'AAAAAAAA' } });
  });
});

const goal = fc.constantFrom('0', '5', '6');
const named = fc.constantFrom('0', '5', '6', 'Lead', 'Sale');
const payout = fc.constantFrom('10.00', '11.00');
const status = fc.constantFrom('approved' as const, 'pending' as const, 'rejected' as const);
const rowsOf = fc.array(fc.record({ goal_id: goal, payout, status }), { maxLength: 4 });
const postbacksOf = fc.array(
  fc.record({
    goal_id: fc.option(named),
    amount: fc.option(payout),
    status,
    event: fc.constantFrom(null, 'sale' as const, 'refund' as const),
  }),
  { maxLength: 5 },
);

/** Records with numbers as they would be given in some order of receipt; equal postbacks are one record. */
function received(
  rows: readonly Partial<ConversionFacts>[],
  postbacks: readonly Partial<PostbackFacts>[],
  numbers: readonly number[],
) {
  const number = (index: number) => BigInt((numbers[index] ?? index) + 1);
  const pulled = rows.map((facts, index) => pulledOf(number(index), { ...facts, tune_event_id: `e${index}` }));
  const all = postbacks.map((facts, index) => postbackOf(number(rows.length + index), facts));
  return { pulled, postbacks: [...new Map(all.map((postback) => [postback.key, postback])).values()] };
}

/** The settled records by what they are, without the numbers that they happened to be given. */
function bySubject(
  { pulled, postbacks }: { pulled: PulledConversion[]; postbacks: PostbackConversion[] },
  settled: readonly SettledConversion[],
) {
  const subjects = new Map<bigint, string>([
    ...pulled.map((row) => [row.conversionId, row.facts.tune_event_id] as const),
    ...postbacks.map((postback) => [postback.conversionId, postback.key] as const),
  ]);
  const subject = (id: bigint | null) => (id === null ? '' : (subjects.get(id) ?? '?'));
  return settled
    .map(({ conversionId, counting, booking, claims, claimedBy }) =>
      [
        subject(conversionId),
        counting,
        booking.worth.revenue,
        booking.worth.pending,
        subject(claims),
        subject(claimedBy),
      ].join('|'),
    )
    .sort();
}

describe('for any facts of one transaction', () => {
  test('the order of receipt changes nothing', () => {
    const cases = fc.record({ rows: rowsOf, postbacks: postbacksOf }).chain(({ rows, postbacks }) => {
      const numbers = [...rows, ...postbacks].map((_record, index) => index);
      return fc.record({
        rows: fc.constant(rows),
        postbacks: fc.constant(postbacks),
        numbers: fc.constant(numbers),
        otherNumbers: fc.shuffledSubarray(numbers, { minLength: numbers.length }),
      });
    });
    fc.assert(
      fc.property(cases, ({ rows, postbacks, numbers, otherNumbers }) => {
        const one = received(rows, postbacks, numbers);
        const other = received(rows, postbacks, otherNumbers);
        const reversed = settle([...other.pulled].reverse(), [...other.postbacks].reverse());
        expect(bySubject(other, reversed)).toEqual(bySubject(one, settle(one.pulled, one.postbacks)));
      }),
    );
  });

  test('pulled rows count as if there were no postbacks; beside them only new goals do, and nothing is hidden', () => {
    fc.assert(
      fc.property(rowsOf, postbacksOf, (rows, given) => {
        const { pulled, postbacks } = received(rows, given, []);
        const settled = settle(pulled, postbacks);
        const alone = shown(settle(pulled, []));
        expect(shown(settled.filter(({ source }) => source === 'pull'))).toEqual(alone);
        const goals = new Set(pulled.map((row) => row.facts.goal_id));
        for (const postback of postbacks) {
          const { counting, booking } = settled.find(({ conversionId }) => conversionId === postback.conversionId)!;
          const { facts } = postback;
          const namesGoal = facts.goal_id !== null && /^\d+$/.test(facts.goal_id);
          const newGoal = namesGoal && !goals.has(facts.goal_id ?? '') && !isReversal(facts.event);
          const counts = facts.amount !== null && facts.status !== 'rejected' && (pulled.length === 0 || newGoal);
          const worth = counts ? amountOfPostback(facts) : 0n;
          expect(booking.worth.revenue + booking.worth.pending).toBe(worth);
          if (pulled.length > 0 && !newGoal) expect(['claimed', 'ambiguous', 'superseded']).toContain(counting);
        }
      }),
    );
  });

  test('once every postback has its pulled row the books are the pull, and nothing is unconfirmed', () => {
    fc.assert(
      fc.property(postbacksOf, (given) => {
        const { postbacks } = received([], given, []);
        const originals = postbacks.filter(({ facts }) => !isReversal(facts.event));
        fc.pre(originals.length > 0);
        const pulled = originals.map(({ facts }, index) =>
          pulledOf(100n + BigInt(index), {
            tune_event_id: `e${index}`,
            goal_id: /^\d+$/.test(facts.goal_id ?? '') ? (facts.goal_id ?? '0') : '0',
            payout: '10',
          }),
        );
        const settled = settle(pulled, postbacks);
        const sum = settled.reduce((total, { booking }) => total + booking.worth.revenue, 0n);
        expect(sum).toBe(1_000_000n * BigInt(pulled.length));
        expect(settled.every(({ booking }) => booking.worth.unconfirmed === 0n)).toBe(true);
        expect(settled.filter(({ counting }) => counting === 'claimed')).toHaveLength(originals.length);
      }),
    );
  });
});
