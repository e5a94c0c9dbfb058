import { cancelStoppedRuns, sweepSlicePages, type Database } from '@trackly-tune/database';
import type { JobMetrics } from '@trackly-tune/service-runtime';

/**
 * Ends runs that were cancelled, or whose integration was deleted, while nobody works on them, and forgets what the
 * pages of reports held that nobody will read to their end.
 */
export function endStoppedRuns(deps: { db: Database; metrics: Pick<JobMetrics, 'runEnded'> }): () => Promise<void> {
  return async () => {
    for (const run of await cancelStoppedRuns(deps.db, 'conversions:')) deps.metrics.runEnded(run.kind, 'cancelled');
    await sweepSlicePages(deps.db, 'conversions:');
  };
}
