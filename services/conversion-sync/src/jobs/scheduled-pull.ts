import type { Database } from '@trackly-tune/database';
import type { Handlers, Queues } from '@trackly-tune/queues';
import { startDueRun } from '../use-cases/start-due-runs.js';

/** The queue's tick of one integration's schedule. PostgreSQL says whether anything is due. */
export function scheduledPullJob(deps: {
  db: Database;
  queues: Pick<Queues, 'signal'>;
}): NonNullable<Handlers['scheduled-pull']> {
  return async ({ integrationId }) => {
    const networkId = await startDueRun(deps.db, BigInt(integrationId));
    if (networkId !== null) await deps.queues.signal('pull-network', { networkId });
  };
}
