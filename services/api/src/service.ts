import { longestWindow, openDatabase, pingDatabase } from '@trackly-tune/database';
import { createQueues } from '@trackly-tune/queues';
import { migrateWhenReachable, openTune } from '@trackly-tune/service-stores';
import {
  createDatabaseMetrics,
  createHealthServer,
  createKeyRing,
  createReadiness,
  runEvery,
  systemClock,
  watchQueues,
  type ServiceContext,
} from '@trackly-tune/service-runtime';
import { publicUrlOf, type ApiConfig } from './config.js';
import { createApp, createPostbackApp } from './create-app.js';
import { wakeThrough, type ApiParts } from './create-ports.js';
import { createHttpMetrics } from './http/http-metrics.js';
import { sweepAnswers } from './http/sweep-answers.js';
import { warnOfPublicUrl } from './resources/postbacks/steps/warn-of-public-url.js';
import { openPostbackIntake } from './resources/postbacks/intake/open-postback-intake.js';

const STATEMENT_TIMEOUT_MS = 20_000;
const CONNECTIONS_MAX = 20;
const WATCH_EVERY_MS = 5_000;
/** Test Connection asks for 500 rows at most; the rest of the memory belongs to requests and postbacks. */
const ANSWER_LIMITS = {
  responseBytesMax: 4 * 1024 * 1024,
  responseValuesMax: 100_000,
  answersBytesMax: 12 * 1024 * 1024,
};
const SWEEP_EVERY_MS = 10 * 60_000;
const DAY_MS = 86_400_000;

/**
 * The composition root of the API. It listens also while PostgreSQL or Redis are away: /readyz says so, what needs the
 * database is 503, and it goes on by itself when they are back.
 */
export async function start(context: ServiceContext<ApiConfig>): Promise<void> {
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
  const tune = openTune({ config, db, logger, metrics, limits: ANSWER_LIMITS });
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

  const readiness = createReadiness(
    { database: () => pingDatabase(db), migrations: () => schema.check() },
    { helpful: { redis: () => queues.ping() }, signal },
  );
  const health = await createHealthServer({ host: config.HOST, port: config.HEALTH_PORT, readiness, metrics });
  stack.defer('health server', () => health.close());

  const parts: ApiParts = {
    db,
    queues,
    tune,
    logger,
    keyRing: createKeyRing(config.ENCRYPTION_KEYS),
    clock: systemClock,
    publicUrl: publicUrlOf(config),
    windowDaysMax: longestWindow(config.RETENTION_CLICKS_DAYS),
  };
  const intake = openPostbackIntake({
    db,
    wake: wakeThrough(queues, logger),
    nowMs: () => Date.now(),
    logger,
  });
  stack.defer('postback intake', () => intake.close());
  const served = {
    parts,
    intake,
    http: createHttpMetrics(metrics, config.TRUST_PROXY),
    isStoreReady: schema.isReady,
    trustProxy: config.TRUST_PROXY,
  };
  const app = await createApp({
    ...served,
    apiKeys: config.API_KEYS,
    takesPostbacks: config.POSTBACK_PORT === undefined,
    measurements: health.port === null ? { readiness, metrics } : null,
  });
  stack.defer('HTTP server', () => app.close());
  if (config.POSTBACK_PORT !== undefined) {
    const postbacks = await createPostbackApp(served);
    stack.defer('postback server', () => postbacks.close());
    const address = await postbacks.listen({ host: config.HOST, port: config.POSTBACK_PORT });
    logger.info({ address, public_url: parts.publicUrl }, 'listening for postbacks');
  }
  const address = await app.listen({ host: config.HOST, port: config.PORT });
  logger.info({ address, public_url: parts.publicUrl }, 'listening');
  const lookOut = runEvery({
    name: 'looking at PUBLIC_URL',
    everyMs: DAY_MS,
    logger,
    async run() {
      await schema.done;
      if (schema.isReady()) await warnOfPublicUrl(parts);
    },
  });
  stack.defer('look at PUBLIC_URL', () => lookOut.stop());
}
