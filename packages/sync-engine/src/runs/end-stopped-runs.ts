import { cancelStoppedRuns, nextStoppedRuns, type Database, type StoppedRuns } from '@trackly-tune/database';
import type { JobMetrics } from '@trackly-tune/service-runtime';
import type { ParkableWork } from '@trackly-tune/service-stores';

/** Ends runs that were cancelled, or whose integration was deleted, while nobody works on them. */
export function endStoppedRuns(deps: {
  db: Database;
  stopped: StoppedRuns;
  metrics: Pick<JobMetrics, 'runEnded'>;
}): ParkableWork<void> {
  const { db, stopped, metrics } = deps;
  return {
    kind: stopped.kind,
    next: () => nextStoppedRuns(db, stopped),
    async work(only) {
      for (const run of await cancelStoppedRuns(db, stopped, only)) metrics.runEnded(run.kind, 'cancelled');
    },
  };
}
