import type { ConversionTable } from '../conversions/conversion-table.js';
import { isAmount, ownAmount, reportValue } from './report-value.js';
import { spellRow } from './spell-row.js';

type Row = Record<string, Record<string, unknown>>;

function splitField(field: string): [model: string, name: string] {
  const dot = field.indexOf('.');
  return [field.slice(0, dot), field.slice(dot + 1)];
}

/** True when amounts stand in columns of their own currencies as well (quirk 21). */
function splitsCurrencies(table: ConversionTable, fields: readonly string[]): boolean {
  return table.settings().currencies.length > 1 && fields.includes('Stat.currency');
}

/** `data.currency_columns`, e.g. `Stat.payout@EUR`; undefined where one currency runs or none was asked for. */
export function currencyColumns(table: ConversionTable, fields: readonly string[]): string[] | undefined {
  if (!splitsCurrencies(table, fields)) return undefined;
  const amounts = fields.filter((field) => field.startsWith('Stat.') && isAmount(splitField(field)[1]));
  return amounts.flatMap((field) => table.settings().currencies.map((currency) => `${field}@${currency}`));
}

/** Report rows with the asked fields only, nested per model (tune-api.md, section 3.4). */
export function reportRows(
  table: ConversionTable,
  rows: Iterable<number>,
  fields: readonly string[],
  shift: number,
): Row[] {
  const columns = fields.map((field) => ({ path: splitField(field), value: reportValue(table, field) }));
  const amounts = fields.map((field) => splitField(field)[1]).filter(isAmount);
  const { currencies } = table.settings();
  const split = splitsCurrencies(table, fields);
  return Array.from(rows, (at) => {
    const row: Row = {};
    for (const { path, value } of columns) (row[path[0]] ??= {})[path[1]] = value(at, shift);
    if (split) {
      const own = table.store.columns.currency[at] ?? 0;
      for (const name of amounts) {
        const stat = (row['Stat'] ??= {});
        stat[`${name}@${currencies[own] ?? ''}`] = ownAmount(at, table, name);
        // The other currencies' columns are absent in some rows and empty in others.
        if (at % 3 === 0) currencies.forEach((currency, index) => index !== own && (stat[`${name}@${currency}`] = ''));
      }
    }
    if (table.settings().spelling === 'every') spellRow(row, at, table);
    const raw = table.store.raw(at);
    if (raw !== undefined) applyRaw(row, raw, fields, split);
    return row;
  });
}

/** Values that were planted as they are: only of asked fields, and of the currency columns that come with them. */
function applyRaw(row: Row, raw: Readonly<Record<string, unknown>>, fields: readonly string[], split: boolean): void {
  for (const [field, value] of Object.entries(raw)) {
    const [model, name] = splitField(field);
    const asked = fields.includes(field.split('@')[0] ?? field) && (split || !field.includes('@'));
    const target = row[model];
    if (!asked || target === undefined) continue;
    target[name] = value;
  }
}
