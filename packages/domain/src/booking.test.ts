import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { changesOfBooking, WORTHLESS, type Booking } from './booking.js';

const arbitraryBooking: fc.Arbitrary<Booking> = fc.record({
  place: fc.record({
    messageId: fc.constantFrom(null, 'AAAAAAAA', 'BBBBBBBB'),
    creativeId: fc.constantFrom(null, 'c1'),
    campaignId: fc.constant(null),
    externalOfferId: fc.constantFrom('1', '2'),
    day: fc.constantFrom('2026-05-01', '2026-05-02'),
    currency: fc.constantFrom('USD', 'EUR'),
  }),
  worth: fc.record({
    revenue: fc.bigInt({ min: -5n, max: 5n }),
    unconfirmed: fc.constant(0n),
    pending: fc.bigInt({ min: -5n, max: 5n }),
    conversions: fc.integer({ min: 0, max: 1 }),
  }),
});

function total(bookings: readonly Booking[]): Map<string, string> {
  const sums = new Map<string, { revenue: bigint; pending: bigint; conversions: number }>();
  for (const { place, worth } of bookings) {
    const key = JSON.stringify(place);
    const sum = sums.get(key) ?? { revenue: 0n, pending: 0n, conversions: 0 };
    sums.set(key, {
      revenue: sum.revenue + worth.revenue,
      pending: sum.pending + worth.pending,
      conversions: sum.conversions + worth.conversions,
    });
  }
  return new Map(
    [...sums]
      .map(([key, sum]) => [key, `${sum.revenue}/${sum.pending}/${sum.conversions}`] as const)
      .filter(([, sum]) => sum !== '0/0/0'),
  );
}

describe('changes of a booking', () => {
  test('add up to the last state, whatever came before', () => {
    fc.assert(
      fc.property(fc.array(arbitraryBooking, { minLength: 1, maxLength: 8 }), (states) => {
        let booked: Booking | null = null;
        const entries: Booking[] = [];
        for (const state of states) {
          entries.push(...changesOfBooking(booked, state));
          booked = state;
        }
        expect(total(entries)).toEqual(total(states.slice(-1)));
      }),
    );
  });

  test('the same again and nothing at all change nothing', () => {
    fc.assert(
      fc.property(arbitraryBooking, (booking) => {
        expect(changesOfBooking(booking, booking)).toEqual([]);
        expect(changesOfBooking(null, { ...booking, worth: WORTHLESS })).toEqual([]);
      }),
    );
  });
});
