import type { Database } from '@trackly-tune/database';
import { rowIdOf, type PublicId } from '@trackly-tune/domain';
import { startDueSchedule, type ScheduledWork } from '../schedules/start-due-schedules.js';

/** The queue's tick of one integration's schedule. PostgreSQL says whether anything is due. */
export function scheduleTickJob(deps: {
  db: Database;
  scheduled: ScheduledWork;
  wake: (networkId: string, options: { urgent: true }) => Promise<unknown>;
}): (payload: { integrationId: PublicId<'integration'> }) => Promise<void> {
  return async ({ integrationId }) => {
    const networkId = await startDueSchedule(deps.db, deps.scheduled, rowIdOf('integration', integrationId));
    if (networkId !== null) await deps.wake(networkId, { urgent: true });
  };
}
