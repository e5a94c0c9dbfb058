import {
  currencyCodeOf,
  readReportRow,
  storableRow,
  type ConversionFacts,
  type ReadContext,
  type ReportRow,
  type UnreadableReason,
} from '@trackly-tune/domain';

export interface ReadPage {
  /** At most one per `tune_event_id`: of several the last one counts. */
  readonly facts: readonly ConversionFacts[];
  readonly unreadable: readonly { tuneEventId: string | null; reason: UnreadableReason; raw: ReportRow }[];
  /** Rows of other affiliates, which a server that ignores the filter sends. */
  readonly foreign: number;
  /** Conversions that an earlier page of this pull already held: stored again, but not counted again. */
  readonly repeated: number;
  /** What tells every row of the page from others, unreadable and foreign ones included. */
  readonly keys: readonly string[];
}

function keyOf(tuneEventId: string | null, row: ReportRow): string {
  return tuneEventId ?? JSON.stringify(row);
}

/** Reads a page's rows. `recent` holds the keys of earlier pages, whose rows a moving report shows again. */
export function readPage(rows: readonly ReportRow[], context: ReadContext, recent: ReadonlySet<string>): ReadPage {
  const facts = new Map<string, ConversionFacts>();
  const unreadable: { tuneEventId: string | null; reason: UnreadableReason; raw: ReportRow }[] = [];
  let foreign = 0;
  const keys = new Set<string>();
  for (const sent of rows) {
    const row = storableRow(sent);
    const read = readReportRow(row, context);
    if (read.kind === 'facts') {
      facts.set(read.facts.tune_event_id, read.facts);
      keys.add(read.facts.tune_event_id);
    } else if (read.kind === 'foreign') {
      foreign++;
      keys.add(keyOf(null, row));
    } else {
      unreadable.push({ tuneEventId: read.tuneEventId, reason: read.reason, raw: row });
      keys.add(keyOf(read.tuneEventId, row));
    }
  }
  const repeated = [...facts.keys()].filter((id) => recent.has(id)).length;
  return { facts: [...facts.values()], unreadable, foreign, repeated, keys: [...keys] };
}

/** True when a page shows that the network runs several currencies (TUNE quirk 21). */
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
      Object.keys(row).some((field) => field.startsWith('Stat.payout@')) &&
      currency !== null &&
      currency !== defaultCurrency
    );
  });
}
