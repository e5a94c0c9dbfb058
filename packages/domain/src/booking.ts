import type { AmountE5 } from './money.js';

/** Whom a conversion belongs to and when: everything a ledger entry is summed by. */
export interface BookingPlace {
  readonly messageId: string | null;
  readonly creativeId: string | null;
  readonly campaignId: string | null;
  readonly externalOfferId: string;
  readonly day: string;
  readonly currency: string;
}

/** What it is worth. `unconfirmed` is the part of `revenue` that only a postback says so far. */
export interface BookingWorth {
  readonly revenue: AmountE5;
  readonly unconfirmed: AmountE5;
  readonly pending: AmountE5;
  readonly conversions: number;
}

export interface Booking {
  readonly place: BookingPlace;
  readonly worth: BookingWorth;
}

/** A signed change of the books. */
export type BookingChange = Booking;

export const WORTHLESS: BookingWorth = { revenue: 0n, unconfirmed: 0n, pending: 0n, conversions: 0 };

function difference(next: BookingWorth, previous: BookingWorth): BookingWorth {
  return {
    revenue: next.revenue - previous.revenue,
    unconfirmed: next.unconfirmed - previous.unconfirmed,
    pending: next.pending - previous.pending,
    conversions: next.conversions - previous.conversions,
  };
}

function isWorthless(worth: BookingWorth): boolean {
  return worth.revenue === 0n && worth.unconfirmed === 0n && worth.pending === 0n && worth.conversions === 0;
}

function samePlace(a: BookingPlace, b: BookingPlace): boolean {
  return (
    a.messageId === b.messageId &&
    a.creativeId === b.creativeId &&
    a.campaignId === b.campaignId &&
    a.externalOfferId === b.externalOfferId &&
    a.day === b.day &&
    a.currency === b.currency
  );
}

/**
 * The signed entries that turn what is booked into what should be: none when nothing changed, one when only the
 * worth did, a reversal and a new booking when it belongs elsewhere. Entries worth nothing are never written.
 */
export function changesOfBooking(booked: Booking | null, next: Booking): BookingChange[] {
  const before = booked?.worth ?? WORTHLESS;
  const changes =
    booked !== null && !samePlace(booked.place, next.place)
      ? [
          { place: booked.place, worth: difference(WORTHLESS, before) },
          { place: next.place, worth: next.worth },
        ]
      : [{ place: next.place, worth: difference(next.worth, before) }];
  return changes.filter(({ worth }) => !isWorthless(worth));
}
