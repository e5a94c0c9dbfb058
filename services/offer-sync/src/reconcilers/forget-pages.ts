import { nextSweptSlices, sweepCataloguePages, type Database } from '@trackly-tune/database';
import type { ParkableWork } from '@trackly-tune/service-stores';

/** Forgets the pages of catalogues that nobody will read to their end. */
export function forgetPages(db: Database): ParkableWork<void> {
  return {
    kind: 'catalogue_pages',
    next: () => nextSweptSlices(db),
    work: (only) => sweepCataloguePages(db, only),
  };
}
