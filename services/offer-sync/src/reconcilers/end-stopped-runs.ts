import {
  cancelStoppedRuns,
  nextStoppedRuns,
  nextSweptSlices,
  sweepCataloguePages,
  type Database,
} from '@trackly-tune/database';
import type { ParkableWork } from '@trackly-tune/service-stores';
import type { JobMetrics } from '@trackly-tune/service-runtime';

const STOPPED_SYNCS = { prefix: 'offers:', kind: 'stopped_offer_sync' } as const;

/** Ends runs that were cancelled, or whose integration was deleted, while nobody works on them. */
export function endStoppedRuns(deps: { db: Database; metrics: Pick<JobMetrics, 'runEnded'> }): ParkableWork<void> {
  const { db, metrics } = deps;
  return {
    kind: STOPPED_SYNCS.kind,
    next: () => nextStoppedRuns(db, STOPPED_SYNCS),
    async work(only) {
      for (const run of await cancelStoppedRuns(db, STOPPED_SYNCS, only)) metrics.runEnded(run.kind, 'cancelled');
    },
  };
}

/** Forgets the pages of catalogues that nobody will read to their end. */
export function forgetPages(db: Database): ParkableWork<void> {
  return {
    kind: 'catalogue_pages',
    next: () => nextSweptSlices(db),
    work: (only) => sweepCataloguePages(db, only),
  };
}
