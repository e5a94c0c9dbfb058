import { cancelStoppedRuns, type Database } from '@trackly-tune/database';
import type { PullMetrics } from '../metrics.js';

/** Ends runs that were cancelled, or whose integration was deleted, while nobody works on them. */
export function endStoppedRuns(deps: { db: Database; metrics: Pick<PullMetrics, 'runEnded'> }): () => Promise<void> {
  return async () => {
    for (const run of await cancelStoppedRuns(deps.db, 'conversions:')) deps.metrics.runEnded(run.kind, 'cancelled');
  };
}
