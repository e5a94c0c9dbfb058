import type { Database } from '@trackly-tune/database';
import type { Queues } from '@trackly-tune/queues';
import type { Logger } from '@trackly-tune/service-runtime';
import { startDueChanges } from '../use-cases/start-due-changes.js';
import { startDueRuns } from '../use-cases/start-due-runs.js';

/**
 * Finds schedules whose tick the queue lost, and starts them without the queue's help. Passes for late changes have no
 * tick at all: they are found here alone.
 */
export function startDueSchedules(deps: {
  db: Database;
  queues: Pick<Queues, 'signal'>;
  logger: Logger;
  random: () => number;
}): () => Promise<void> {
  const { db, queues, logger, random } = deps;
  return async () => {
    const onFailed = (integrationId: bigint, error: unknown): void =>
      logger.error({ integration_id: String(integrationId), err: error }, 'a schedule could not be started');
    const pulls = await startDueRuns(db, onFailed);
    const changes = await startDueChanges(db, random, onFailed);
    const networks = [...new Set([...pulls, ...changes])];
    await Promise.all(networks.map((networkId) => queues.signal('pull-network', { networkId })));
  };
}
