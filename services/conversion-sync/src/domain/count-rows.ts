import type { ReadPage } from './read-page.js';

/** What a page adds to the counts of its run. */
export interface CountedRows {
  /** Rows of the integration's own affiliate that no page before held, in any reading. */
  readonly fetched: number;
  /** Those of them that could not be read. */
  readonly rejected: number;
  /** Conversions that a page before held: stored again, but not counted again. */
  readonly repeated: number;
}

/** Counts each row of a slice once, however often it is shown. `fresh` holds the keys that are new to the slice. */
export function countRows(
  page: Pick<ReadPage, 'readableKeys' | 'unreadableKeys'>,
  fresh: ReadonlySet<string>,
): CountedRows {
  const read = [...page.readableKeys].filter((key) => fresh.has(key)).length;
  const rejected = [...page.unreadableKeys].filter((key) => fresh.has(key)).length;
  return { fetched: read + rejected, rejected, repeated: page.readableKeys.size - read };
}

/** Rows that could not be read, by reason. */
export function countReasons(rows: ReadPage['unreadable']): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { reason } of rows) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}
