import { cancelStoppedRuns, nextStoppedRuns, type Database } from '@trackly-tune/database';
import type { ParkableWork } from '@trackly-tune/service-stores';
import type { JobMetrics } from '@trackly-tune/service-runtime';

const STOPPED_PULLS = { prefix: 'conversions:', kind: 'stopped_pull' } as const;

/** Ends runs that were cancelled, or whose integration was deleted, while nobody works on them. */
export function endStoppedRuns(deps: { db: Database; metrics: Pick<JobMetrics, 'runEnded'> }): ParkableWork<void> {
  const { db, metrics } = deps;
  return {
    kind: STOPPED_PULLS.kind,
    next: () => nextStoppedRuns(db, STOPPED_PULLS),
    async work(only) {
      for (const run of await cancelStoppedRuns(db, STOPPED_PULLS, only)) metrics.runEnded(run.kind, 'cancelled');
    },
  };
}
