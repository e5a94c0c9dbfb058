import { formatAmountE5 } from '@trackly-tune/domain';
import Table from 'cli-table3';
import { formatDifference, type ComparedEntry } from './compare-books.js';

/** A table that a person can read: our books beside the network's, and the difference. */
export function booksTable(options: {
  heading: string;
  entries: readonly ComparedEntry[];
  nameOf: (key: string | null) => string;
  rowsMax: number;
}): string {
  const { heading, entries, nameOf, rowsMax } = options;
  const table = new Table({
    head: [heading, 'conversions', 'revenue', "network's books", 'difference', 'pending'],
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  });
  // What disagrees is always shown.
  const shown = entries.filter(({ agrees }, index) => index < rowsMax || !agrees);
  for (const { key, currency, conversions, revenue, pending } of shown) {
    table.push([
      nameOf(key),
      conversions.ours === conversions.theirs ? conversions.ours : `${conversions.ours} ≠ ${conversions.theirs}`,
      `${formatAmountE5(revenue.ours)} ${currency}`,
      formatAmountE5(revenue.theirs),
      formatDifference(revenue.ours, revenue.theirs),
      pending.ours === pending.theirs
        ? formatAmountE5(pending.ours)
        : `${formatAmountE5(pending.ours)} ≠ ${formatAmountE5(pending.theirs)}`,
    ]);
  }
  const hidden = entries.length - shown.length;
  return `${table.toString()}${hidden > 0 ? `\n… and ${hidden} more, each with the difference 0.00` : ''}`;
}
