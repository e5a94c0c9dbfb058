import { cancelStoppedRuns, sweepCataloguePages, sweepSlicePages, type Database } from '@trackly-tune/database';
import type { JobMetrics } from '@trackly-tune/service-runtime';

/**
 * Ends runs that were cancelled, or whose integration was deleted, while nobody works on them, and forgets the pages
 * of catalogues that nobody will read to their end.
 */
export function endStoppedRuns(deps: { db: Database; metrics: Pick<JobMetrics, 'runEnded'> }): () => Promise<void> {
  return async () => {
    for (const run of await cancelStoppedRuns(deps.db, 'offers:')) deps.metrics.runEnded(run.kind, 'cancelled');
    await sweepCataloguePages(deps.db);
    await sweepSlicePages(deps.db, 'offers:');
  };
}
