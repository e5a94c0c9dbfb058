import { toPublicId } from '@trackly-tune/domain';
import { VERSION, type ServiceContext } from '@trackly-tune/service-runtime';
import { networkJob, scheduleTickJob, startSyncWorker, type SyncWorkerDeps } from '@trackly-tune/sync-engine';
import type { ConversionSyncConfig } from './config.js';
import { createPullWork } from './pull-work.js';
import { rereadRejected } from './use-cases/reread-rejected.js';
import { scheduledChanges } from './use-cases/scheduled-changes.js';
import { scheduledPulls } from './use-cases/scheduled-pulls.js';

/** Of 5,000 rows, the largest page that can be set, each may have 1,600 bytes; usual are 500. */
const ANSWER_LIMITS = { responseBytesMax: 8 * 1024 * 1024 };
const REREAD_EVERY_MS = 10 * 60_000;

/** Starts the worker that pulls conversions. Returns where its health can be asked for. */
export async function startConversionSync(
  context: ServiceContext<ConversionSyncConfig>,
  deps: SyncWorkerDeps,
): Promise<{ healthPort: number | null }> {
  const { config } = context;
  return startSyncWorker(context, deps, {
    name: 'conversion-sync',
    metrics: {
      overdueName: 'trackly_schedule_overdue_seconds',
      waitingName: 'trackly_pull_oldest_waiting_seconds',
    },
    stoppedAs: 'stopped_pull',
    tickJob: 'scheduled-pull',
    schedules: [scheduledPulls, scheduledChanges(Math.random)],
    concurrency: config.PULL_CONCURRENCY,
    connectionsMax: config.DATABASE_CONNECTIONS_MAX,
    answerLimits: ANSWER_LIMITS,
    work: ({ db, queues }) =>
      createPullWork({
        db,
        pageRowsMax: config.PULL_PAGE_ROWS_MAX,
        onFacts: () => void queues.wake('settle-pending', {}),
      }),
    wake: (queues, networkId, options) => queues.wake('pull-network', { networkId, ...options }),
    handlers: ({ db, wake }, run) => ({
      'pull-network': networkJob({ run, wake }),
      'scheduled-pull': scheduleTickJob({ db, scheduled: scheduledPulls, wake }),
    }),
    loops: ({ db, queues, logger }) => [
      {
        name: 'reread-rejected-rows',
        everyMs: REREAD_EVERY_MS,
        run: (stop) =>
          rereadRejected({
            db,
            rules: VERSION,
            signal: stop,
            onFacts: () => void queues.wake('settle-pending', {}),
            onUnexpected: (error, id) =>
              logger.error(
                { integration_id: toPublicId('integration', id), err: error },
                'rejected rows could not be read again',
              ),
          }),
      },
    ],
  });
}
