import { enabledSchedules, scheduleOffsetMs, type Database } from '@trackly-tune/database';
import { toPublicId } from '@trackly-tune/domain';
import { holdSchedules, type Queues } from '@trackly-tune/queues';
import type { Clock, Logger } from '@trackly-tune/service-runtime';

/**
 * Holds the queue's job schedulers against the enabled schedules of PostgreSQL: one per integration, ticking at its
 * own offset in the period; those of integrations that are gone or switched off are removed.
 */
export function holdIntegrationSchedules(deps: {
  kind: 'conversions' | 'offers';
  job: 'scheduled-pull' | 'scheduled-offer-sync';
  db: Database;
  queues: Queues;
  clock: Clock;
  logger: Logger;
}): () => Promise<void> {
  const { kind, job, db, queues, clock, logger } = deps;
  return async () => {
    const schedules = await enabledSchedules(db, kind);
    const wanted = schedules.map(({ integrationId, everyMs }) => {
      const id = toPublicId('integration', integrationId);
      const offsetMs = scheduleOffsetMs(integrationId, everyMs);
      return { job, id: `${job}-${id}`, everyMs, offsetMs, payload: { integrationId: id } };
    });
    const { set, removed } = await holdSchedules(queues, {
      job,
      wanted,
      now: clock.now(),
      onFailed: (id, error) => logger.error({ schedule: id, err: error }, 'a schedule of the queue could not be set'),
    });
    if (set + removed > 0) logger.info({ set, removed }, 'schedules of the queue were corrected');
  };
}
