import { isDay, isLocalText, PageKeys, type ReportRow } from '@trackly-tune/domain';
import { callNetwork, type CallCount, type Caller } from './call-network.js';
import { flattenRows } from './flatten-row.js';
import { demandData } from './read-envelope.js';
import { readPage, requireAtMost } from './read-page.js';
import type { ChangedConversions, TuneClient } from './types.js';

const METHODS = { updated: 'findUpdatedConversions', added: 'findAddedConversions' };

/** The day of a conversion, from a field named `datetime` or `date` of any model; the former says more. */
function dayOfRow(row: ReportRow): string | null {
  for (const name of ['datetime', 'date']) {
    for (const [field, value] of Object.entries(row)) {
      if (value === null || field.slice(field.lastIndexOf('.') + 1) !== name) continue;
      const text = value.trim();
      const day = text.slice(0, 10);
      if ((isLocalText(text) || text === day) && isDay(day)) return day;
    }
  }
  return null;
}

/**
 * One page of Conversion::findUpdatedConversions or findAddedConversions (tune-api.md, section 3.9). Their rows are not recorded
 * anywhere: only the days of the conversions are read, nested or flat, and rows without one are counted.
 */
export async function findChangedConversions(
  caller: Caller,
  query: Parameters<TuneClient['findChangedConversions']>[0],
): Promise<ChangedConversions> {
  const { kind, fromDay, toDay, page, limit, signal } = query;
  const count: CallCount = { calls: 0 };
  const params = { start_date: fromDay, end_date: toDay, limit, page };
  const call = { target: 'Conversion', method: METHODS[kind], params, signal };
  const found = readPage(demandData(await callNetwork(caller, call, count)));
  // A method that does not page answers with all that it has (quirk 7).
  if (!found.bare) requireAtMost(found, limit);
  const days = flattenRows(found.entries.map(({ value }) => value)).map(dayOfRow);
  const known = days.filter((day) => day !== null);
  const keys = new PageKeys();
  for (const { key, value } of found.entries) keys.add(key, () => JSON.stringify(value));
  return {
    days: [...new Set(known)].sort(),
    rows: days.length,
    withoutDay: days.length - known.length,
    keys: keys.all(),
    listed: found.listed,
    bare: found.bare,
    page,
    pageCount: found.pageCount,
    count: found.count,
    apiCalls: count.calls,
  };
}
