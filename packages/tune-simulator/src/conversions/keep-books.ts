import { formatE5 } from '../amounts.js';
import { formatDay, requireTime } from '../local-clock.js';
import { isTest, STATUSES } from './conversion.js';
import type { ConversionTable } from './conversion-table.js';

export interface BooksQuery {
  readonly affiliateId: string;
  /** Network-local days, both inclusive; default everything. */
  readonly from?: string;
  readonly to?: string;
}

/** Sums of some conversions in one currency: amounts exact, five decimals. */
export interface BookLine {
  readonly currency: string;
  /** Approved ones that are neither tests nor adjustments. */
  readonly conversions: number;
  /** Approved amounts, adjustments with their sign, no tests. */
  readonly revenue: string;
  readonly pending: string;
  readonly pendingConversions: number;
  readonly rejectedConversions: number;
  readonly tests: number;
  readonly adjustments: number;
}

/** What an affiliate earned, by the network's own count. */
export interface Books {
  readonly rows: number;
  /** Conversions whose report row cannot be read: in no sum. */
  readonly unreadable: number;
  readonly totals: readonly BookLine[];
  readonly byOffer: readonly (BookLine & { readonly offerId: string })[];
  readonly byDay: readonly (BookLine & { readonly day: string })[];
  readonly byOfferAndDay: readonly (BookLine & { readonly offerId: string; readonly day: string })[];
  /** By the message that conversions were planted with; null: none. */
  readonly byMessage: readonly (BookLine & { readonly messageId: string | null })[];
}

interface Sums {
  conversions: number;
  revenue: bigint;
  pending: bigint;
  pendingConversions: number;
  rejectedConversions: number;
  tests: number;
  adjustments: number;
}

type Key = readonly (string | null)[];

class Ledger {
  readonly #lines = new Map<string, { key: Key; sums: Sums }>();

  /** The sums of a key, whose last part is the currency. */
  at(...key: Key): Sums {
    const name = JSON.stringify(key);
    let line = this.#lines.get(name);
    if (line === undefined) {
      const sums = { conversions: 0, revenue: 0n, pending: 0n, pendingConversions: 0, rejectedConversions: 0 };
      line = { key, sums: { ...sums, tests: 0, adjustments: 0 } };
      this.#lines.set(name, line);
    }
    return line.sums;
  }

  lines<T>(name: (key: Key) => T): (BookLine & T)[] {
    const sorted = [...this.#lines].sort(([a], [b]) => (a < b ? -1 : 1));
    return sorted.map(([, { key, sums }]) => ({
      ...name(key),
      currency: key.at(-1) ?? '',
      ...sums,
      revenue: formatE5(sums.revenue),
      pending: formatE5(sums.pending),
    }));
  }
}

/**
 * Adds up an affiliate's conversions by the rules of the domain: approved counts, pending stands apart, rejected and
 * tests are worth nothing, adjustments count with their sign but are no conversions.
 */
export function keepBooks(table: ConversionTable, query: BooksQuery): Books {
  const { store } = table;
  const { currencies } = table.settings();
  const from = query.from === undefined ? -Infinity : requireTime(query.from);
  const to = query.to === undefined ? Infinity : requireTime(query.to, 'end');
  const [totals, offers, days, offerDays, messages] = [1, 2, 3, 4, 5].map(() => new Ledger()) as [
    Ledger,
    Ledger,
    Ledger,
    Ledger,
    Ledger,
  ];
  let rows = 0;
  let unreadable = 0;
  for (let at = 0; at < store.size; at++) {
    if (store.columns.affiliate[at] !== Number(query.affiliateId)) continue;
    const row = store.get(at);
    if (row.local < from || row.local > to) continue;
    rows += 1;
    if (row.unreadable) {
      unreadable += 1;
      continue;
    }
    const currency = currencies[row.currency] ?? '';
    const offer = String(row.offer);
    const day = formatDay(row.local);
    const message = store.text(at, 'expected') ?? null;
    const lines = [
      totals.at(currency),
      offers.at(offer, currency),
      days.at(day, currency),
      offerDays.at(offer, day, currency),
      messages.at(message, currency),
    ];
    for (const sums of lines) enter(sums, row);
  }
  return {
    rows,
    unreadable,
    totals: totals.lines(() => ({})),
    byOffer: offers.lines(([offerId]) => ({ offerId: offerId ?? '' })),
    byDay: days.lines(([day]) => ({ day: day ?? '' })),
    byOfferAndDay: offerDays.lines(([offerId, day]) => ({ offerId: offerId ?? '', day: day ?? '' })),
    byMessage: messages.lines(([messageId]) => ({ messageId: messageId ?? null })),
  };
}

function enter(sums: Sums, row: { status: number; statusCode: number; adjustment: boolean; payout: bigint }): void {
  const status = STATUSES[row.status];
  if (isTest(row.statusCode)) {
    sums.tests += 1;
  } else if (status === 'pending') {
    sums.pending += row.payout;
    sums.pendingConversions += 1;
  } else if (status === 'rejected') {
    sums.rejectedConversions += 1;
  } else {
    sums.revenue += row.payout;
    if (row.adjustment) sums.adjustments += 1;
    else sums.conversions += 1;
  }
}
