import { toPublicId } from '@trackly-tune/domain';
import type { FinishedRun } from '@trackly-tune/database';
import { createWorker, type HandlersOf } from '@trackly-tune/queues';
import { openWorker } from '@trackly-tune/service-stores';
import { runEvery, type ServiceContext } from '@trackly-tune/service-runtime';
import type { AttributionConfig } from './config.js';
import { settlePendingJob } from './jobs/settle-pending.js';
import { createSettleMetrics } from './metrics.js';
import { startRetention } from './start-retention.js';
import { drain } from './use-cases/drain.js';
import { retryParked } from './use-cases/retry-parked.js';

const LOOK_EVERY_MS = 1_000;
const RETRY_EVERY_MS = 2_000;
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
  const { db, parking, loopWatch, healthPort, untilMigrated } = await openWorker(context, {
    name: 'attribution',
    connectionsMax: config.DATABASE_CONNECTIONS_MAX,
  });
  const metrics = createSettleMetrics(registry, db, logger);
  await untilMigrated();

  const booksWork = {
    db,
    parking,
    batchTransactionsMax: config.ATTRIBUTION_BATCH_MAX,
    parkedWaitMs: config.PARKED_WAIT_MS,
    onRunEnded(run: FinishedRun) {
      metrics.runEnded(run.kind, run.parked > 0 || run.short !== null ? 'failed' : 'succeeded');
      metrics.rowsRejected(run.kind, run.rejected);
      const lines = {
        run_id: toPublicId('run', run.runId),
        integration_id: toPublicId('integration', run.integrationId),
      };
      if (run.parked > 0) logger.warn({ ...lines, parked: run.parked }, 'run failed: transactions are parked');
      else
        logger.info({ ...lines, code: run.short?.code ?? null }, run.short === null ? 'run succeeded' : 'run failed');
    },
  };
  const loop = runEvery({
    name: 'settle-pending',
    everyMs: LOOK_EVERY_MS,
    logger,
    signal,
    watch: loopWatch,
    run: async (stop) => metrics.drained(await drain({ ...booksWork, signal: stop })),
  });
  stack.defer('reconciler', () => loop.stop());
  const retries = runEvery({
    name: 'retry-parked',
    everyMs: RETRY_EVERY_MS,
    logger,
    signal,
    watch: loopWatch,
    run: async (stop) => void (await retryParked({ ...booksWork, signal: stop })),
  });
  stack.defer('retries', () => retries.stop());
  const dropping = startRetention({ db, config, registry, logger, signal, watch: loopWatch });
  stack.defer('dropping', () => dropping.stop());
  const handlers: HandlersOf<'attribution'> = { 'settle-pending': settlePendingJob(loop) };
  const worker = createWorker({
    queue: 'attribution',
    handlers,
    concurrency: CONCURRENCY,
    redisUrl,
    prefix,
    logger,
    observe: metrics.observeJob,
  });
  stack.defer('worker', (limits) => worker.close(limits));
  return { healthPort };
}
