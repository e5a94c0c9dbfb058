import type { Database } from '@trackly-tune/database';
import { rowIdOf } from '@trackly-tune/domain';
import type { Handlers, Queues } from '@trackly-tune/queues';
import { startDueSchedule } from '@trackly-tune/sync-engine';
import { scheduledPulls } from '../use-cases/scheduled-pulls.js';

/** The queue's tick of one integration's schedule. PostgreSQL says whether anything is due. */
export function scheduledPullJob(deps: {
  db: Database;
  queues: Pick<Queues, 'signal'>;
}): NonNullable<Handlers['scheduled-pull']> {
  return async ({ integrationId }) => {
    const networkId = await startDueSchedule(deps.db, scheduledPulls, rowIdOf('integration', integrationId));
    if (networkId !== null) await deps.queues.signal('pull-network', { networkId, urgent: true });
  };
}
