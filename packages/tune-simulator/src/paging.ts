/** How a network tells of the pages of a list (quirk 9). */
export interface PagingSettings {
  /** Larger limits are cut to it. */
  readonly maxLimit: number;
  /** `count: null` and no `pageCount`. */
  readonly countless: boolean;
  /** `text`: numbers are texts; `without_pages`: no `pageCount`. */
  readonly countStyle: 'number' | 'text' | 'without_pages';
}

/** The rows of a page that a network shows at most, whatever it was asked for. */
export function pageSize(asked: number, { maxLimit }: Pick<PagingSettings, 'maxLimit'>): number {
  return Math.min(asked, maxLimit);
}

/** What the envelope of a page says of the whole list. */
export function countsOf(total: number, limit: number, settings: PagingSettings): Record<string, unknown> {
  if (settings.countless) return { count: null };
  const pageCount = Math.ceil(total / limit);
  switch (settings.countStyle) {
    case 'number':
      return { count: total, pageCount };
    case 'text':
      return { count: String(total), pageCount: String(pageCount) };
    case 'without_pages':
      return { count: total };
  }
}
