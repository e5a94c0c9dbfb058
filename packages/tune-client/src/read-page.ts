import { countOf, isEmpty, isRecord, type JsonRecord } from './read-scalar.js';
import { TuneError } from './tune-error.js';

/** What a list holds, whatever it came in; `key` is the id that a map names the entry by (quirk 8). */
export interface Page {
  readonly entries: readonly { readonly key: string | null; readonly value: unknown }[];
  /** False where null, "" or nothing stands in the place of the list: not the same as an empty one. */
  readonly listed: boolean;
  /** True without a paging envelope, as from a method that does not page (quirk 7). */
  readonly bare: boolean;
  readonly pageCount: number | null;
  readonly count: number | null;
  /** The paging envelope, or an empty one. */
  readonly envelope: JsonRecord;
}

const PAGING_KEYS = ['page', 'current', 'count', 'pageCount'];

function entriesOf(list: unknown): Page['entries'] | null {
  if (isEmpty(list)) return [];
  if (Array.isArray(list)) return list.map((value: unknown) => ({ key: null, value }));
  return isRecord(list) ? Object.entries(list).map(([key, value]) => ({ key, value })) : null;
}

/**
 * Refuses a page with more entries than were asked for: no page of a list that TUNE pages has them, and what would be
 * built of them has no bound. Throws `too_many_rows`.
 */
export function requireAtMost(page: Page, limit: number): void {
  if (page.entries.length <= limit) return;
  const text = `TUNE answers with ${page.entries.length} rows where ${limit} were asked for`;
  throw new TuneError('too_many_rows', text, { answeredBy: 'tune' });
}

function unexpected(what: string): TuneError {
  return new TuneError('unexpected_answer', `TUNE's answer holds ${what}`);
}

/** TUNE says that all is well and shows no list: what was asked for is not all there. */
export class MissingListError extends TuneError {
  constructor(what: string) {
    super('unexpected_answer', `TUNE's answer holds ${what}`);
  }
}

const isMissing = (list: unknown): boolean => list === undefined || list === null || list === '';

/**
 * Reads a list in all its shapes: with a paging envelope or bare (quirk 7), as a list, a map, or `[]` for nothing
 * (quirk 5). Throws `unexpected_answer` for no list at all: an answer that is not understood must not pass for an
 * empty one, since a pull would go on as if there were no conversions. Therefore null and "" are no list either.
 */
export function readPage(data: unknown): Page {
  if (isMissing(data)) throw new MissingListError('no list');
  const isPaged = isRecord(data) && ('data' in data || PAGING_KEYS.some((key) => key in data && !isRecord(data[key])));
  if (!isPaged) {
    const entries = entriesOf(data);
    if (!entries || !(isRecord(data) || Array.isArray(data))) throw unexpected('no list');
    if (isRecord(data) && entries.some(({ value }) => !isRecord(value))) throw unexpected('something else than a list');
    return { entries, listed: true, bare: true, pageCount: null, count: null, envelope: {} };
  }
  const count = countOf(data['count']);
  const entries = entriesOf(data['data']);
  if (!entries) throw unexpected('no list');
  if (!('data' in data) && count !== 0) throw new MissingListError('a page without rows and without their number');
  const listed = !isMissing(data['data']);
  return { entries, listed, bare: false, pageCount: countOf(data['pageCount']), count, envelope: data };
}
