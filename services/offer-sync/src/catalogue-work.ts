import type { Database } from '@trackly-tune/database';
import type { SyncWork } from '@trackly-tune/sync-engine';
import { fetchCatalogue } from './use-cases/fetch-catalogue.js';
import { refreshFromShortCatalogue } from './use-cases/finish-catalogue.js';

export interface CatalogueWorkDeps {
  readonly db: Database;
  readonly pageOffersMax: number;
}

/** What a sync of offers does with its slices: each is one reading of the network's whole catalogue. */
export function createCatalogueWork({ db, pageOffersMax }: CatalogueWorkDeps): SyncWork {
  return {
    story: 'offers',
    name: 'sync',
    beginningOf: ({ kind }) => (kind === 'offer_import' ? 'Importing offers' : 'Fetching the catalogue of offers'),
    take: (turn) => fetchCatalogue({ ...turn, db, pageOffersMax }),
    // A catalogue is asked for as a whole, and the next sync does the same.
    traitsOf: () => ({ parts: null, brokenRow: false, patient: false }),
    scheduleOf: ({ kind }) => (kind === 'offers' ? 'offers' : null),
    async onFailed(tx, slice, code) {
      if (code === 'report_incomplete') await refreshFromShortCatalogue(tx, slice);
    },
  };
}
