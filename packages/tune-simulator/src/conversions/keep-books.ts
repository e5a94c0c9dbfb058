import { formatDay, requireTime } from '../local-clock.js';
import type { ConversionTable } from './conversion-table.js';
import { addSums, createSums, enterRow, toLine, type BookLine, type Sums } from './sums.js';

export interface BooksQuery {
  readonly affiliateId: string;
  /** Network-local days, both inclusive; default everything. */
  readonly from?: string;
  readonly to?: string;
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

/** Sums of one offer, day and currency. */
interface Cell {
  readonly offer: number;
  readonly day: number;
  readonly currency: number;
  readonly sums: Sums;
}

const DAY_SECONDS = 86_400;

function obtain<K, V>(map: Map<K, V>, key: K, create: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = create()));
  return value;
}

/** Adds cells together by what `name` calls them, sorted by that name and the currency. */
function fold<T extends object>(cells: Iterable<Cell>, currencies: readonly string[], name: (cell: Cell) => T) {
  const lines = new Map<string, { name: T; currency: string; sums: Sums }>();
  for (const cell of cells) {
    const currency = currencies[cell.currency] ?? '';
    const named = name(cell);
    const key = JSON.stringify([named, currency]);
    addSums(obtain(lines, key, () => ({ name: named, currency, sums: createSums() })).sums, cell.sums);
  }
  const sorted = [...lines].sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.map(([, line]) => ({ ...line.name, ...toLine(line.currency, line.sums) }));
}

function messageLines(messages: readonly Map<string | null, Sums>[], currencies: readonly string[]) {
  return messages.flatMap((ofCurrency, currency) =>
    Array.from(ofCurrency, ([messageId, sums]) => ({ messageId, ...toLine(currencies[currency] ?? '', sums) })),
  );
}

/** Adds up an affiliate's conversions by the rules of the domain, with exact whole numbers. */
export function keepBooks(table: ConversionTable, query: BooksQuery): Books {
  const { store } = table;
  const { currencies } = table.settings();
  const from = query.from === undefined ? -Infinity : requireTime(query.from);
  const to = query.to === undefined ? Infinity : requireTime(query.to, 'end');
  const affiliate = Number(query.affiliateId);
  const cells = new Map<number, Cell>();
  const messages = currencies.map(() => new Map<string | null, Sums>());
  let rows = 0;
  let unreadable = 0;
  for (let at = 0; at < store.size; at++) {
    if (store.columns.affiliate[at] !== affiliate) continue;
    const row = store.get(at);
    if (row.local < from || row.local > to) continue;
    rows += 1;
    if (row.unreadable) {
      unreadable += 1;
      continue;
    }
    const { offer, currency } = row;
    const day = Math.floor(row.local / DAY_SECONDS);
    // Offers fit 31 bits, days 17, currencies 5: the key is exact.
    const key = (offer * 131_072 + day) * 32 + currency;
    enterRow(obtain(cells, key, () => ({ offer, day, currency, sums: createSums() })).sums, row);
    const message = store.text(at, 'expected') ?? null;
    enterRow(obtain(messages[currency] ?? new Map<string | null, Sums>(), message, createSums), row);
  }
  const add = <T extends object>(name: (cell: Cell) => T) => fold(cells.values(), currencies, name);
  const dayText = (day: number) => formatDay(day * DAY_SECONDS);
  return {
    rows,
    unreadable,
    totals: add(() => ({})),
    byOffer: add(({ offer }) => ({ offerId: String(offer) })),
    byDay: add(({ day }) => ({ day: dayText(day) })),
    byOfferAndDay: add(({ offer, day }) => ({ offerId: String(offer), day: dayText(day) })),
    byMessage: messageLines(messages, currencies),
  };
}
