import type { Booking } from './booking.js';
import type { AmountE5 } from './money.js';

/**
 * What a re-attribution takes from one message and gives to another; null is "no message". Where both are the same,
 * it is by how much what the message has earned changes (another postback counts or no longer does).
 */
export interface ReattributionMove {
  readonly from: string | null;
  readonly to: string | null;
  readonly currency: string;
  readonly conversions: number;
  readonly revenue: AmountE5;
  readonly pending: AmountE5;
}

function isNothing(move: ReattributionMove): boolean {
  return move.conversions === 0 && move.revenue === 0n && move.pending === 0n;
}

/**
 * The moves between two bookings of one record. Exact for every message: what it loses stands in the moves from it,
 * what it gains in those to it. A change of the day alone moves nothing between messages.
 */
export function movesOfBooking(before: Booking, after: Booking): ReattributionMove[] {
  const currency = after.place.currency;
  const to = after.place.messageId;
  const moved = {
    from: before.place.messageId,
    to,
    currency,
    conversions: before.worth.conversions,
    revenue: before.worth.revenue,
    pending: before.worth.pending,
  };
  const changed = {
    from: to,
    to,
    currency,
    conversions: after.worth.conversions - before.worth.conversions,
    revenue: after.worth.revenue - before.worth.revenue,
    pending: after.worth.pending - before.worth.pending,
  };
  return [...(moved.from === to ? [] : [moved]), changed].filter((move) => !isNothing(move));
}

/** Adds moves to sums of them, one per pair of messages and currency. */
export function addMoves(sums: Map<string, ReattributionMove>, moves: readonly ReattributionMove[]): void {
  for (const move of moves) {
    const key = JSON.stringify([move.from, move.to, move.currency]);
    const sum = sums.get(key);
    sums.set(
      key,
      sum === undefined
        ? move
        : {
            ...move,
            conversions: sum.conversions + move.conversions,
            revenue: sum.revenue + move.revenue,
            pending: sum.pending + move.pending,
          },
    );
  }
}

const size = (amount: AmountE5): AmountE5 => (amount < 0n ? -amount : amount);

function compare(a: string | bigint, b: string | bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The largest first, in an order that is always the same; what adds up to nothing is left out. */
export function sortMoves(sums: ReadonlyMap<string, ReattributionMove>): ReattributionMove[] {
  return [...sums.values()]
    .filter((move) => !isNothing(move))
    .sort(
      (a, b) =>
        compare(size(b.revenue), size(a.revenue)) ||
        compare(size(b.pending), size(a.pending)) ||
        compare(a.from ?? '', b.from ?? '') ||
        compare(a.to ?? '', b.to ?? '') ||
        compare(a.currency, b.currency),
    );
}
