import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { matchPostbacks, type MatchablePostback, type MatchableRow } from './match-postbacks.js';

const AT = new Date('2026-05-02T10:00:00Z');
const later = (minutes: number): Date => new Date(AT.getTime() + minutes * 60_000);

function row(key: string, changes: Partial<MatchableRow> = {}): MatchableRow {
  return { key, offerId: '7', goalId: '0', isAdjustment: false, amount: 100n, currency: 'USD', at: AT, ...changes };
}
function postback(key: string, changes: Partial<MatchablePostback> = {}): MatchablePostback {
  return { key, offerId: '7', goalId: null, amount: 100n, currency: 'USD', at: AT, ...changes };
}
const match = (rows: MatchableRow[], postbacks: MatchablePostback[]) =>
  Object.fromEntries(matchPostbacks(rows, postbacks));

describe('which row claims which postback', () => {
  test('another amount and another time keep nothing from being claimed', () => {
    expect(match([row('r')], [postback('p', { amount: 999n, at: later(9_999) })])).toEqual({ p: 'r' });
    expect(match([row('r')], [postback('p', { amount: null })])).toEqual({ p: 'r' });
  });

  test('another offer or another goal does; an unknown one does not', () => {
    expect(match([row('r')], [postback('p', { offerId: '8' })])).toEqual({});
    expect(match([row('r')], [postback('p', { goalId: '5' })])).toEqual({});
    expect(match([row('r', { goalId: null })], [postback('p', { goalId: '5', offerId: null })])).toEqual({ p: 'r' });
  });

  test('among several the amount chooses, then the time', () => {
    const rows = [row('a', { amount: 100n }), row('b', { amount: 200n, at: later(60) })];
    expect(match(rows, [postback('p', { amount: 200n })])).toEqual({ p: 'b' });
    expect(match(rows, [postback('p', { amount: 300n, at: later(50) })])).toEqual({ p: 'b' });
    expect(match(rows, [postback('p', { amount: 200n, currency: 'EUR' })])).toEqual({ p: 'a' });
  });

  test('a postback that names its goal takes no row from one that could go nowhere else', () => {
    const rows = [row('a', { goalId: '5', amount: 10n }), row('b', { goalId: '6', amount: 12n })];
    const postbacks = [postback('p', { goalId: null, amount: 10n }), postback('q', { goalId: '5', amount: 12n })];
    expect(match(rows, postbacks)).toEqual({ p: 'b', q: 'a' });
    const open = [row('a', { goalId: '5' }), row('b', { goalId: null })];
    expect(match(open, [postback('p', { goalId: '6' }), postback('q')])).toEqual({ p: 'b', q: 'a' });
  });

  test('an adjustment claims only what no conversion does', () => {
    const rows = [row('a', { isAdjustment: true }), row('b', { amount: 5n })];
    expect(match(rows, [postback('p')])).toEqual({ p: 'b' });
    expect(match(rows, [postback('p'), postback('q', { amount: 5n })])).toEqual({ p: 'a', q: 'b' });
  });
});

const goals = fc.constantFrom(null, '0', '5', '6');
const amounts = fc.constantFrom(100n, 200n);
const times = fc.constantFrom(AT, later(1), later(2));
const manyRows = fc
  .array(fc.record({ offerId: fc.constantFrom('7', '8'), goalId: goals, amount: amounts, at: times }), { maxLength: 6 })
  .map((list) => list.map((changes, index) => row(`r${index}`, changes)));
const manyPostbacks = fc
  .array(fc.record({ offerId: fc.constantFrom('7', '8'), goalId: goals, amount: amounts, at: times }), { maxLength: 6 })
  .map((list) => list.map((changes, index) => postback(`p${index}`, changes)));

function fits(one: MatchableRow, other: MatchablePostback): boolean {
  return one.offerId === other.offerId && (!one.goalId || !other.goalId || one.goalId === other.goalId);
}

/** The most postbacks that can be claimed at all, by trying everything. */
function mostClaims(rows: readonly MatchableRow[], postbacks: readonly MatchablePostback[]): number {
  const [first, ...rest] = postbacks;
  if (!first) return 0;
  const taken = rows
    .filter((one) => fits(one, first))
    .map(
      (one) =>
        1 +
        mostClaims(
          rows.filter((other) => other !== one),
          rest,
        ),
    );
  return Math.max(mostClaims(rows, rest), ...taken);
}

describe('for any rows and postbacks', () => {
  test('each claims at most one of the other, none that contradicts, and as many as possible are claimed', () => {
    fc.assert(
      fc.property(manyRows, manyPostbacks, (rows, postbacks) => {
        const claims = matchPostbacks(rows, postbacks);
        expect(new Set(claims.values()).size).toBe(claims.size);
        for (const [postbackKey, rowKey] of claims) {
          expect(
            fits(
              rows.find(({ key }) => key === rowKey)!,
              postbacks.find(({ key }) => key === postbackKey)!,
            ),
          ).toBe(true);
        }
        expect(claims.size).toBe(mostClaims(rows, postbacks));
      }),
    );
  });

  test('the order in which they are given changes nothing', () => {
    const shuffled = fc.tuple(manyRows, manyPostbacks).chain(([rows, postbacks]) =>
      fc.record({
        rows: fc.constant(rows),
        postbacks: fc.constant(postbacks),
        otherRows: fc.shuffledSubarray(rows, { minLength: rows.length }),
        otherPostbacks: fc.shuffledSubarray(postbacks, { minLength: postbacks.length }),
      }),
    );
    fc.assert(
      fc.property(shuffled, ({ rows, postbacks, otherRows, otherPostbacks }) => {
        expect(match(otherRows, otherPostbacks)).toEqual(match(rows, postbacks));
      }),
    );
  });
});
