import type { ConversionTable } from '../conversions/conversion-table.js';
import { parseTime } from '../local-clock.js';
import { countOf, entriesOf, textOf, textsOf, type Parameters } from '../parameters.js';
import { countsOf, pageSize } from '../paging.js';
import { Refusal, refuseMissing } from '../refusal.js';
import { compileFilters, type Selection } from './report-filters.js';
import { requireReportField } from './report-fields.js';
import { currencyColumns, reportRows } from './report-rows.js';
import { selectRows, type SortKey } from './select-rows.js';

/** "Last 25 months (762 days)" (quirk 39). */
const REACH_SECONDS = 762 * 86_400;
const KEPT_SELECTIONS_MAX = 8;

export type GetConversions = (parameters: Parameters) => unknown;

function readSort(parameters: Parameters): SortKey[] {
  return entriesOf(parameters['sort']).map(([field, direction]) => ({
    field,
    descending: textOf(direction)?.toLowerCase() === 'desc',
  }));
}

/** `data_start` and `data_end` choose the days that are read (quirk 18). */
function limitToData(selection: Selection, parameters: Parameters, shift: number): void {
  const [start, end] = [textOf(parameters['data_start']), textOf(parameters['data_end'])];
  const from = start === null ? -Infinity : parseTime(start);
  const to = end === null ? Infinity : parseTime(end, 'end');
  if (from === null || to === null) throw new Refusal('Value of data_start or data_end is not a valid date.');
  selection.from = Math.max(selection.from, from - shift);
  selection.to = Math.min(selection.to, to - shift);
}

/** A row that TUNE cannot load takes its whole page with it. */
function refuseBroken(table: ConversionTable, rows: Int32Array): void {
  const broken = new Set(table.settings().brokenRows);
  if (broken.size === 0) return;
  const id = [...rows].map((row) => table.view(row).tuneEventId).find((eventId) => broken.has(eventId));
  if (id !== undefined) throw new Refusal(`Failed to hydrate rows: ${id}`);
}

/** Report::getConversions of one network (tune-api.md, section 3). What was selected is kept, so that a page costs its own rows. */
export function createGetConversions(table: ConversionTable): GetConversions {
  const kept = new Map<string, Int32Array>();
  let keptVersion = -1;
  let calls = 0;

  function select(parameters: Parameters, shift: number): Int32Array {
    const settings = table.settings();
    const sort = readSort(parameters);
    for (const { field } of sort) requireReportField(field, settings);
    const selection = compileFilters(table, parameters['filters'], shift);
    if (settings.dataRangeFilters) limitToData(selection, parameters, shift);
    // The reach moves by whole days, so that the pages of one pull are pages of one selection.
    const today = Math.floor(table.localNow() / 86_400);
    selection.from = Math.max(selection.from, today * 86_400 - REACH_SECONDS);
    const { filters, data_start, data_end } = parameters;
    const turn = sort.length === 1 ? calls % 2 : 0;
    const key = JSON.stringify([filters, sort, data_start, data_end, shift, turn, today, settings.ignoredFilters]);
    if (keptVersion !== table.store.version) kept.clear();
    keptVersion = table.store.version;
    const known = sort.length === 0 ? undefined : kept.get(key);
    if (known !== undefined) return known;
    const rows = selectRows(table, selection, sort, shift, calls);
    if (sort.length === 0) return rows;
    if (kept.size >= KEPT_SELECTIONS_MAX) kept.clear();
    kept.set(key, rows);
    return rows;
  }

  return (parameters) => {
    calls += 1;
    const settings = table.settings();
    const fields = textsOf(parameters['fields']);
    if (fields.length === 0) throw refuseMissing('fields');
    for (const field of fields) requireReportField(field, settings);
    const shift = Number(textOf(parameters['hour_offset']) ?? 0) * 3600;
    const rows = select(parameters, Number.isFinite(shift) ? Math.trunc(shift) : 0);
    const limit = pageSize(countOf(parameters['limit']) ?? settings.defaultLimit, settings);
    const page = countOf(parameters['page']) ?? 1;
    const shown = rows.subarray((page - 1) * limit, page * limit);
    refuseBroken(table, shown);
    const columns = currencyColumns(table, fields);
    return {
      // A number even when it was sent as a text (quirk 36).
      page,
      current: limit,
      ...countsOf(rows.length, limit, settings),
      data: reportRows(table, shown, fields, shift),
      ...(columns === undefined ? {} : { currency_columns: columns }),
      dbSource: 'branddb',
    };
  };
}
