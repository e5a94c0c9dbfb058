import { toPublicId } from '@trackly-tune/domain';
import { createWorker } from '@trackly-tune/queues';
import { openWorker } from '@trackly-tune/service-frame';
import { runEvery, type ServiceContext } from '@trackly-tune/service-runtime';
import type { AttributionConfig } from './config.js';
import { settlePendingJob } from './jobs/settle-pending.js';
import { createSettleMetrics } from './metrics.js';
import { workOff } from './use-cases/work-off.js';

const LOOK_EVERY_MS = 1_000;
/** Jobs only wake the reconciler: a few at once are plenty. */
const CONCURRENCY = 5;

/**
 * Builds the worker: each resource is registered in the line after the one that opens it, and closed in the opposite
 * order. Any number of copies may run. Without Redis it works all the same, since the reconciler needs no signal.
 */
export async function startAttribution(
  context: ServiceContext<AttributionConfig>,
): Promise<{ healthPort: number | null }> {
  const { config, logger, metrics: registry, stack, signal } = context;
  const { REDIS_URL: redisUrl, QUEUE_PREFIX: prefix } = config;
  const { db, healthPort, untilMigrated } = await openWorker(context, {
    name: 'attribution',
    connectionsMax: config.DATABASE_CONNECTIONS_MAX,
  });
  const metrics = createSettleMetrics(registry, db);
  await untilMigrated();

  const loop = runEvery({
    name: 'settle-pending',
    everyMs: LOOK_EVERY_MS,
    logger,
    signal,
    async run(stop) {
      const done = await workOff({
        db,
        signal: stop,
        batchTransactionsMax: config.ATTRIBUTION_BATCH_MAX,
        onPutAside(transactionId, failures, error) {
          metrics.putAside();
          logger.error(
            { transaction_id: toPublicId('transaction', transactionId), failures, err: error },
            'a transaction was put aside',
          );
        },
        onRunFinished(run) {
          metrics.runSucceeded(run.kind);
          const ids = {
            run_id: toPublicId('run', run.runId),
            integration_id: toPublicId('integration', run.integrationId),
          };
          logger.info(ids, 'run succeeded');
        },
      });
      metrics.workedOff(done);
    },
  });
  stack.defer('reconciler', () => loop.stop());
  const worker = createWorker({
    queue: 'attribution',
    handlers: { 'settle-pending': settlePendingJob(loop) },
    concurrency: CONCURRENCY,
    redisUrl,
    prefix,
    logger,
    observe: metrics.observeJob,
  });
  stack.defer('worker', (limits) => worker.close(limits));
  return { healthPort };
}
