import { cancelStoppedRuns, type Database } from '@trackly-tune/database';
import type { JobMetrics } from '@trackly-tune/service-runtime';

/** Ends runs that were cancelled, or whose integration was deleted, while nobody works on them. */
export function endStoppedRuns(deps: { db: Database; metrics: Pick<JobMetrics, 'runEnded'> }): () => Promise<void> {
  return async () => {
    for (const run of await cancelStoppedRuns(deps.db, 'conversions:')) deps.metrics.runEnded(run.kind, 'cancelled');
  };
}
