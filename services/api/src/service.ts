import { openDatabase, pingDatabase } from '@trackly-tune/database';
import { createQueues } from '@trackly-tune/queues';
import { migrateWhenReachable, openTune } from '@trackly-tune/service-frame';
import {
  createDatabaseMetrics,
  createKeyRing,
  createReadiness,
  runEvery,
  systemClock,
  watchQueues,
  type ServiceContext,
} from '@trackly-tune/service-runtime';
import { publicUrlOf, type ApiConfig } from './config.js';
import { createApp } from './create-app.js';
import type { ApiParts } from './create-ports.js';
import { sweepAnswers } from './sweep-answers.js';

const STATEMENT_TIMEOUT_MS = 20_000;
const CONNECTIONS_MAX = 20;
const WATCH_EVERY_MS = 5_000;
const SWEEP_EVERY_MS = 10 * 60_000;

/**
 * The composition root of the API. It listens also while PostgreSQL or Redis are away: /readyz says so, what needs the
 * database is 503, and it goes on by itself when they are back.
 *
 * @param replaced what a benchmark puts in the place of the service's own; nothing else may
 */
export async function start(
  context: ServiceContext<ApiConfig>,
  replaced: Pick<ApiParts, 'storePostbacks'> = {},
): Promise<void> {
  const { config, logger, metrics, stack, signal } = context;
  const databaseUrl = config.DATABASE_URL;

  const databaseMetrics = createDatabaseMetrics(metrics);
  const {
    db,
    poolUse,
    close: closeDatabase,
  } = openDatabase({
    databaseUrl,
    name: 'api',
    connectionsMax: CONNECTIONS_MAX,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    observe: databaseMetrics.observe,
  });
  stack.defer('database', closeDatabase);
  databaseMetrics.watchPool(poolUse);
  const queues = createQueues({ redisUrl: config.REDIS_URL, prefix: config.QUEUE_PREFIX, logger });
  stack.defer('queues', () => queues.close());
  watchQueues(metrics, queues.counts);
  const tune = openTune({ config, db, logger, metrics });
  stack.defer('TUNE clients', () => tune.close());
  const schema = migrateWhenReachable({ databaseUrl, logger, signal });
  stack.defer('migrations', () => schema.done);
  const watch = runEvery({ name: 'reaching PostgreSQL', everyMs: WATCH_EVERY_MS, run: () => pingDatabase(db), logger });
  stack.defer('watch over PostgreSQL', () => watch.stop());
  const sweep = runEvery({
    name: 'forgetting kept answers',
    everyMs: SWEEP_EVERY_MS,
    logger,
    async run(stopping) {
      await schema.done;
      await sweepAnswers(db, stopping, ({ route, key }, error) =>
        logger.error({ route, idempotency_key: key, err: error }, 'a kept answer could not be forgotten'),
      );
    },
  });
  stack.defer('sweep of kept answers', () => sweep.stop());

  const checks = { database: () => pingDatabase(db), migrations: () => schema.check(), redis: () => queues.ping() };
  const app = await createApp({
    parts: {
      ...replaced,
      db,
      queues,
      tune,
      logger,
      keyRing: createKeyRing(config.ENCRYPTION_KEYS),
      clock: systemClock,
      publicUrl: publicUrlOf(config),
    },
    apiKeys: config.API_KEYS,
    readiness: createReadiness(checks, signal),
    metrics,
    isStoreReady: schema.isReady,
    trustProxy: config.TRUST_PROXY,
  });
  stack.defer('HTTP server', () => app.close());
  const address = await app.listen({ host: config.HOST, port: config.PORT });
  logger.info({ address, public_url: publicUrlOf(config) }, 'listening');
}
