import { cellText } from '../cell-text.js';
import type { ConversionTable } from '../conversions/conversion-table.js';
import { createRandom } from '../random.js';
import type { Selection } from './report-filters.js';
import { reportValue } from './report-value.js';

export interface SortKey {
  readonly field: string;
  readonly descending: boolean;
}

/** The first position in the order whose time is not before `local`. */
function lowerBound(order: Int32Array, local: Float64Array, time: number): number {
  let low = 0;
  let high = order.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((local[order[middle] ?? 0] ?? 0) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

function sortRows(table: ConversionTable, rows: Int32Array, sort: readonly SortKey[], shift: number): Int32Array {
  const keys = sort.map(({ field, descending }) => ({ value: reportValue(table, field), sign: descending ? -1 : 1 }));
  return rows.sort((a, b) => {
    for (const { value, sign } of keys) {
      const order = cellText(value(a, shift)).localeCompare(cellText(value(b, shift)), 'en', { numeric: true });
      if (order !== 0) return order * sign;
    }
    return a - b;
  });
}

function shuffle(rows: Int32Array, seed: number): Int32Array {
  const random = createRandom(seed);
  for (let left = rows.length; left > 1; left--) {
    const other = random.int(left);
    const kept = rows[left - 1] ?? 0;
    rows[left - 1] = rows[other] ?? 0;
    rows[other] = kept;
  }
  return rows;
}

/**
 * The rows of a selection in the order asked for. Nothing says that TUNE's order is stable (tune-api.md, section 3.3): without a
 * sort it is another one for each `call`, and rows of one second come either way round unless the event id is sorted.
 */
export function selectRows(
  table: ConversionTable,
  selection: Selection,
  sort: readonly SortKey[],
  shift: number,
  call: number,
): Int32Array {
  const order = table.store.order();
  const { local } = table.store.columns;
  const start = lowerBound(order, local, selection.from);
  const end = lowerBound(order, local, selection.to + 1);
  const range = order.subarray(start, Math.max(start, end));
  const rows =
    selection.tests.length === 0
      ? Int32Array.from(range)
      : range.filter((at) => selection.tests.every((test) => test(at)));
  const [first, second] = sort;
  if (first === undefined) return shuffle(rows, call);
  const byTime = first.field === 'Stat.datetime' && !first.descending;
  if (!byTime) return sortRows(table, rows, sort, shift);
  if (second === undefined) return call % 2 === 0 ? rows : reverseTies(rows, local);
  if (second.field === 'Stat.tune_event_id' && !second.descending) return rows;
  return sortRows(table, rows, sort, shift);
}

function reverseTies(rows: Int32Array, local: Float64Array): Int32Array {
  for (let start = 0; start < rows.length;) {
    let end = start + 1;
    while (end < rows.length && local[rows[end] ?? 0] === local[rows[start] ?? 0]) end += 1;
    rows.subarray(start, end).reverse();
    start = end;
  }
  return rows;
}
