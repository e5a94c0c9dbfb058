import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Booking } from './booking.js';
import { addMoves, movesOfBooking, sortMoves, type ReattributionMove } from './reattribution-moves.js';

function booking(messageId: string | null, revenue: bigint, pending: bigint, conversions = 1): Booking {
  return {
    place: { messageId, creativeId: null, campaignId: null, externalOfferId: '7', day: '2026-05-02', currency: 'USD' },
    worth: { revenue, unconfirmed: 0n, pending, conversions },
  };
}

/** What the moves say of one message: gained less lost. */
function netOf(moves: readonly ReattributionMove[], message: string | null): bigint {
  return moves.reduce((sum, { from, to, revenue }) => {
    if (from === to) return to === message ? sum + revenue : sum;
    return sum + (to === message ? revenue : 0n) - (from === message ? revenue : 0n);
  }, 0n);
}

const anyBooking = fc
  .record({
    message: fc.constantFrom('Msg00001', 'Msg00002', null),
    revenue: fc.bigInt({ min: -5n, max: 5n }),
    pending: fc.bigInt({ min: 0n, max: 3n }),
  })
  .map(({ message, revenue, pending }) => booking(message, revenue, pending));

describe('moves of a re-attribution', () => {
  test('what moves to another message is one move; what stays where it is none', () => {
    const [from, to] = [booking('Msg00001', 150n, 0n), booking('Msg00002', 150n, 0n)];
    expect(movesOfBooking(from, to)).toEqual([
      { from: 'Msg00001', to: 'Msg00002', currency: 'USD', conversions: 1, revenue: 150n, pending: 0n },
    ]);
    expect(movesOfBooking(from, from)).toEqual([]);
    expect(movesOfBooking(booking('Msg00001', 0n, 0n, 0), booking(null, 0n, 0n, 0))).toEqual([]);
  });

  test('for every message the sums are what its books change by, whatever moves', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(anyBooking, anyBooking)), (pairs) => {
        const sums = new Map<string, ReattributionMove>();
        for (const [before, after] of pairs) addMoves(sums, movesOfBooking(before, after));
        const moves = sortMoves(sums);
        for (const message of ['Msg00001', 'Msg00002', null]) {
          const booked = (side: 0 | 1) =>
            pairs
              .map((pair) => pair[side])
              .reduce((sum, { place, worth }) => sum + (place.messageId === message ? worth.revenue : 0n), 0n);
          expect(netOf(moves, message)).toBe(booked(1) - booked(0));
        }
      }),
    );
  });
});
