export interface PageShape {
  readonly page: number;
  readonly limit: number;
  readonly rows: number;
  /** Rows that no earlier page of this pull held. */
  readonly newRows: number;
  readonly pageCount: number | null;
  readonly count: number | null;
}

/**
 * Whether a report ends with this page. `pageCount` decides where it is given; where it is missing the pages end with
 * an empty one or one that brings nothing new (TUNE quirk 9). `incomplete`: the count promises rows that are not there.
 */
export function isLastPage(shape: PageShape): boolean | 'incomplete' {
  const { page, limit, rows, newRows, pageCount, count } = shape;
  if (rows === 0) return count !== null && count > (page - 1) * limit ? 'incomplete' : true;
  if (pageCount !== null && pageCount > 0) return page >= pageCount;
  return newRows === 0;
}
