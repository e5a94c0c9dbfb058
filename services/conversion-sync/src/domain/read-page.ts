import {
  currencyCodeOf,
  idOrNone,
  PageKeys,
  readReportRow,
  storableRow,
  type ConversionFacts,
  type ReadContext,
  type ReportRow,
  type UnreadableCause,
} from '@trackly-tune/domain';

export interface UnreadableRowOfPage extends Omit<UnreadableCause, 'value'> {
  readonly tuneEventId: string | null;
  readonly raw: ReportRow;
}

export interface ReadPage {
  /** At most one per `tune_event_id`: of several the last one counts. */
  readonly facts: readonly ConversionFacts[];
  readonly unreadable: readonly UnreadableRowOfPage[];
  /** Rows of other affiliates, which a server that ignores the filter sends. */
  readonly foreign: number;
  /** What tells every row of the page from others, foreign ones included: each is a row that came. */
  readonly keys: readonly string[];
  /** The keys of `facts`, and those that stand only for unreadable rows. */
  readonly readableKeys: ReadonlySet<string>;
  readonly unreadableKeys: ReadonlySet<string>;
}

/** Reads a page's rows. */
export function readPage(rows: readonly ReportRow[], context: ReadContext): ReadPage {
  const facts = new Map<string, ConversionFacts>();
  const unreadable: UnreadableRowOfPage[] = [];
  let foreign = 0;
  const keys = new PageKeys();
  const [readableKeys, unreadableKeys] = [new Set<string>(), new Set<string>()];
  for (const sent of rows) {
    const row = storableRow(sent);
    const key = keys.add(idOrNone(row['Stat.tune_event_id']), () => JSON.stringify(row));
    const read = readReportRow(row, context);
    if (read.kind === 'facts') {
      facts.set(read.facts.tune_event_id, read.facts);
      readableKeys.add(key);
    } else if (read.kind === 'foreign') {
      foreign++;
    } else {
      const { reason, field, tuneEventId } = read;
      unreadable.push({ tuneEventId, reason, field, raw: row });
      unreadableKeys.add(key);
    }
  }
  for (const key of readableKeys) unreadableKeys.delete(key);
  return { facts: [...facts.values()], unreadable, foreign, keys: keys.all(), readableKeys, unreadableKeys };
}

/** People are shown rows that could not be read: `mask` takes secrets out of them. */
export function maskUnreadable(page: ReadPage, mask: (row: ReportRow) => ReportRow): ReadPage {
  return { ...page, unreadable: page.unreadable.map((row) => ({ ...row, raw: mask(row.raw) })) };
}

/** True when a page shows that the network runs several currencies (quirk 21). */
export function showsSeveralCurrencies(
  page: { currencyColumns: readonly string[]; rows: readonly ReportRow[] },
  defaultCurrency: string,
): boolean {
  const named = new Set(page.currencyColumns.map((column) => column.split('@')[1] ?? ''));
  named.delete('');
  if (named.size > 1) return true;
  return page.rows.some((row) => {
    const currency = currencyCodeOf(row['Stat.currency']);
    return (
      currency !== null &&
      currency !== defaultCurrency &&
      Object.keys(row).some((field) => field.startsWith('Stat.payout@'))
    );
  });
}
