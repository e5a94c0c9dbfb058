import { z } from 'zod';

export const paginationAnswer = z.object({
  page: z.number().int(),
  per_page: z.number().int(),
  total: z.number().int(),
  total_pages: z.number().int(),
});

/** Where a page of a short list starts, and what stands beside its data. */
export function pageOf(query: { page: number; per_page: number }) {
  const { page, per_page } = query;
  return {
    limit: per_page,
    offset: (page - 1) * per_page,
    pagination: (total: number) => ({ page, per_page, total, total_pages: Math.ceil(total / per_page) }),
  };
}
