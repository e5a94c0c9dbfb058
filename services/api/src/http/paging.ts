import { z } from 'zod';

export const paginationAnswer = z
  .object({
    page: z.number().int(),
    per_page: z.number().int(),
    total: z.number().int(),
    total_pages: z.number().int(),
  })
  .meta({ id: 'Pagination' });

/** Where a page of a short list starts, and what stands beside its data. */
export function pageOf(query: { page: number; per_page: number }) {
  const { page, per_page } = query;
  return {
    limit: per_page,
    offset: (page - 1) * per_page,
    pagination: (total: number) => ({ page, per_page, total, total_pages: Math.ceil(total / per_page) }),
  };
}

/**
 * A page of a long list, of which one row more than asked for was read: that one tells whether there is a next page.
 *
 * @param cursorOf what the list goes on behind
 */
export function cutPage<Row>(
  rows: readonly Row[],
  rowsMax: number,
  cursorOf: (last: Row) => string,
): { shown: readonly Row[]; next: string | null } {
  const shown = rows.slice(0, rowsMax);
  const last = shown.at(-1);
  return { shown, next: rows.length > rowsMax && last !== undefined ? cursorOf(last) : null };
}
