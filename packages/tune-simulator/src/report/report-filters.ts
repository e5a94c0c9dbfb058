import { cellText } from '../cell-text.js';
import type { ConversionTable } from '../conversions/conversion-table.js';
import { parseTime } from '../local-clock.js';
import { entriesOf, textOf, textsOf, type Parameter } from '../parameters.js';
import { Refusal } from '../refusal.js';
import { requireReportField } from './report-fields.js';
import { reportValue } from './report-value.js';

/** What a call selects: a range of local seconds, both inclusive, and tests that a row must pass. */
export interface Selection {
  from: number;
  to: number;
  readonly tests: ((at: number) => boolean)[];
}

interface Filter {
  readonly field: string;
  readonly conditional: string;
  readonly values: readonly string[];
}

const NUMBER = /^-?\d+(\.\d+)?$/;

function compare(a: string, b: string): number {
  if (NUMBER.test(a) && NUMBER.test(b)) return Number(a) - Number(b);
  return a < b ? -1 : a > b ? 1 : 0;
}

/** SQL's LIKE as MySQL has it: `%` and `_`, upper and lower case alike. */
function likePattern(pattern: string): RegExp {
  const source = pattern
    .replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
    .replaceAll('%', '[^]*')
    .replaceAll('_', '[^]');
  return new RegExp(`^${source}$`, 'i');
}

/** A test of texts by one of TUNE's conditionals. Throws a refusal for one that it does not know. */
export function textTest(conditional: string, values: readonly string[]): (value: string) => boolean {
  const [first = '', second = first] = values;
  switch (conditional) {
    case 'EQUAL_TO': {
      const wanted = new Set(values);
      return (value) => wanted.has(value);
    }
    case 'NOT_EQUAL_TO': {
      const unwanted = new Set(values);
      return (value) => !unwanted.has(value);
    }
    case 'LESS_THAN':
      return (value) => compare(value, first) < 0;
    case 'LESS_THAN_OR_EQUAL_TO':
      return (value) => compare(value, first) <= 0;
    case 'GREATER_THAN':
      return (value) => compare(value, first) > 0;
    case 'GREATER_THAN_OR_EQUAL_TO':
      return (value) => compare(value, first) >= 0;
    case 'BETWEEN':
      return (value) => compare(value, first) >= 0 && compare(value, second) <= 0;
    case 'LIKE': {
      const patterns = values.map(likePattern);
      return (value) => patterns.some((pattern) => pattern.test(value));
    }
    case 'NOT_LIKE': {
      const patterns = values.map(likePattern);
      return (value) => !patterns.some((pattern) => pattern.test(value));
    }
    case 'NULL':
      return (value) => value === '';
    case 'NOT_NULL':
      return (value) => value !== '';
    default:
      throw new Refusal(`Conditional '${conditional}' is not supported.`);
  }
}

function readFilters(parameter: Parameter | undefined): Filter[] {
  return entriesOf(parameter).map(([field, filter]) => {
    if (typeof filter === 'string') return { field, conditional: 'EQUAL_TO', values: [filter] };
    const parts = Object.fromEntries(entriesOf(filter));
    return { field, conditional: textOf(parts['conditional']) ?? 'EQUAL_TO', values: textsOf(parts['values']) };
  });
}

/** Narrows the range by a filter on the time; false when it must be tested row by row instead. */
function narrow(selection: Selection, { field, conditional, values }: Filter, shift: number): boolean {
  const [first = '', second = first] = values;
  const whole = field === 'Stat.date';
  const from = parseTime(first, 'start');
  const to = parseTime(conditional === 'BETWEEN' ? second : first, whole ? 'end' : 'start');
  if (from === null || to === null) throw new Refusal(`Value of '${field}' is not a valid date.`);
  const atLeast = (time: number) => (selection.from = Math.max(selection.from, time - shift));
  const atMost = (time: number) => (selection.to = Math.min(selection.to, time - shift));
  switch (conditional) {
    case 'BETWEEN':
      atLeast(from);
      atMost(to);
      return true;
    case 'GREATER_THAN':
      atLeast(to + 1);
      return true;
    case 'GREATER_THAN_OR_EQUAL_TO':
      atLeast(from);
      return true;
    case 'LESS_THAN':
      atMost(from - 1);
      return true;
    case 'LESS_THAN_OR_EQUAL_TO':
      atMost(to);
      return true;
    case 'EQUAL_TO':
      if (values.length > 1) return false;
      atLeast(from);
      atMost(to);
      return true;
    default:
      return false;
  }
}

function rowTest(table: ConversionTable, filter: Filter, shift: number): (at: number) => boolean {
  const { field, conditional, values } = filter;
  const ids = { 'Stat.affiliate_id': 'affiliate', 'Stat.offer_id': 'offer', 'Stat.goal_id': 'goal' } as const;
  if (field in ids && conditional === 'EQUAL_TO') {
    const column = ids[field as keyof typeof ids];
    const wanted = new Set(values.map(Number));
    return (at) => wanted.has(table.store.columns[column][at] ?? -1);
  }
  const value = reportValue(table, field);
  const test = textTest(conditional, values);
  return (at) => test(cellText(value(at, shift)));
}

/**
 * Compiles the report syntax of filters (tune-api.md, section 3.2): `filters[Stat.x][conditional]=…&filters[Stat.x][values][]=…`,
 * all ANDed. Filters that the network ignores are read and not followed.
 */
export function compileFilters(table: ConversionTable, parameter: Parameter | undefined, shift: number): Selection {
  const settings = table.settings();
  const selection: Selection = { from: -Infinity, to: Infinity, tests: [] };
  for (const filter of readFilters(parameter)) {
    requireReportField(filter.field, settings);
    if (settings.ignoredFilters.includes(filter.field)) continue;
    const isTime = filter.field === 'Stat.datetime' || filter.field === 'Stat.date';
    if (isTime && narrow(selection, filter, shift)) continue;
    selection.tests.push(rowTest(table, filter, shift));
  }
  return selection;
}
