import { offerStatusOf, type CatalogueOffer } from '@trackly-tune/domain';

export interface CatalogueEntry {
  readonly offer: CatalogueOffer;
  readonly imported: boolean;
  /** Complete catalogues in a row that did not hold it. */
  readonly missedCatalogues: number;
}

/** What becomes of an id that somebody wants imported. What is imported already stays as it is, whatever its state. */
export function judgeImport(entry: CatalogueEntry | null): 'imported' | 'already_imported' | 'deleted' | 'unknown' {
  if (entry === null) return 'unknown';
  if (entry.imported) return 'already_imported';
  if (entry.missedCatalogues > 0) return 'unknown';
  return offerStatusOf(entry.offer.tuneStatus, false) === 'archived' ? 'deleted' : 'imported';
}
