/** A page of a list that a network shows, beside what its earlier pages held. */
export interface PageOfList {
  /** From 1. */
  readonly page: number;
  /** False where nothing stands in the place of the list: null, "" or no field at all. An empty list is one. */
  readonly listed: boolean;
  /** Entries of this page. */
  readonly rows: number;
  /** Those that no earlier page of this reading held. */
  readonly newRows: number;
  /** Different entries of all pages of this reading, this one included. */
  readonly came: number;
  /** What this page says of the whole; null where it does not. */
  readonly count: number | null;
  readonly pageCount: number | null;
  /** The highest count that earlier pages of this reading named; null where none did. */
  readonly promisedBefore: number | null;
  /** The answer came without an envelope for paging, as from a method that does not page (quirk 7). */
  readonly bare?: boolean;
}

/** Why a reading cannot become whole any more. */
export type IncompleteBecause = 'list_missing' | 'count_fell' | 'page_empty' | 'page_repeated';

export type PageVerdict =
  { readonly kind: 'more' | 'whole' } | { readonly kind: 'incomplete'; readonly because: IncompleteBecause };

/** The highest count that a reading has heard of; null while no page named one. */
export function promisedWith(page: Pick<PageOfList, 'count' | 'promisedBefore'>): number | null {
  const named = [page.count, page.promisedBefore].filter((count) => count !== null);
  return named.length === 0 ? null : Math.max(...named);
}

const incomplete = (because: IncompleteBecause): PageVerdict => ({ kind: 'incomplete', because });

/** No page says how many there are: only a page without entries is the end (quirk 9). */
function judgeUncounted(list: PageOfList): PageVerdict {
  const { page, rows, newRows, pageCount, bare } = list;
  if (rows === 0) return page > 1 && page <= (pageCount ?? 0) ? incomplete('page_empty') : { kind: 'whole' };
  if (newRows > 0) return { kind: 'more' };
  // Asked for another page, what does not page tells everything once more.
  return bare === true && page > 1 ? { kind: 'whole' } : incomplete('page_repeated');
}

/**
 * Whether a list that is read page by page is whole with this page (product-rules.md, "A report must be whole"): the
 * different entries that came are at least as many as were counted, and no page is left. A count that fell says that
 * entries have moved up past a page's boundary. Page sizes say nothing, since servers cap the limit that they are asked
 * for; a page past `pageCount` is asked for while entries are missing, since some compute it from that limit.
 */
export function judgePage(list: PageOfList): PageVerdict {
  const { page, listed, rows, newRows, came, count, pageCount, promisedBefore } = list;
  if (!listed && count !== 0) return incomplete('list_missing');
  if (count !== null && promisedBefore !== null && count < promisedBefore) return incomplete('count_fell');
  const promised = promisedWith(list);
  if (promised === null) return judgeUncounted(list);
  if (came >= promised && (newRows === 0 || page >= (pageCount ?? 0))) return { kind: 'whole' };
  if (newRows > 0) return { kind: 'more' };
  return incomplete(rows === 0 ? 'page_empty' : 'page_repeated');
}
