import { openDatabase, pingDatabase, type Database } from '@trackly-tune/database';
import { createQueues, type Queues } from '@trackly-tune/queues';
import {
  createDatabaseMetrics,
  createHealthServer,
  createReadiness,
  createLoopMetrics,
  createLoopWatch,
  watchQueues,
  type LoopWatch,
  type ServiceContext,
} from '@trackly-tune/service-runtime';
import { migrateWhenReachable } from './migrate-when-reachable.js';
import { createParking, type Parking } from './parking.js';
import { reportParking } from './report-parking.js';
import type { WorkerSettings } from './worker-settings.js';

export interface Worker {
  readonly db: Database;
  readonly queues: Queues;
  /** For its loops: one that can work for nobody makes the worker unready. */
  readonly loopWatch: LoopWatch;
  /** Parks work that fails alone, so that it stops no neighbour; logs and counts it. */
  readonly parking: Parking;
  /** Where its health can be asked for; null when that is off. */
  readonly healthPort: number | null;
  /** Resolves when PostgreSQL is there and the schema is up to date; from then on the worker can be ready. */
  untilMigrated(): Promise<void>;
}

/**
 * What every worker stands on: PostgreSQL, the queues' sending side, the health server, each registered to be closed in
 * the opposite order. Comes up while the stores are away.
 */
export async function openWorker(
  context: ServiceContext<WorkerSettings>,
  options: { name: string; connectionsMax: number },
): Promise<Worker> {
  const { config, logger, metrics, stack, signal } = context;
  const { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl, QUEUE_PREFIX: prefix } = config;

  const databaseMetrics = createDatabaseMetrics(metrics);
  const { db, poolUse, close } = openDatabase({
    databaseUrl,
    ...options,
    observe: databaseMetrics.observe,
    onConnectionLost: (error) => logger.warn({ err: error }, 'a connection to PostgreSQL was lost'),
  });
  stack.defer('database', close);
  databaseMetrics.watchPool(poolUse);
  const queues = createQueues({ redisUrl, prefix, logger });
  stack.defer('queues', () => queues.close());
  watchQueues(metrics, queues.counts);

  const schema = migrateWhenReachable({ databaseUrl, logger, signal });
  stack.defer('migrations', () => schema.done);
  const loopWatch = createLoopWatch();
  createLoopMetrics(metrics, loopWatch);
  const health = await createHealthServer({
    host: config.HOST,
    port: config.HEALTH_PORT,
    readiness: createReadiness(
      {
        database: () => pingDatabase(db),
        redis: () => queues.ping(),
        migrations: () => schema.check(),
        loops: () => loopWatch.check(),
      },
      { signal },
    ),
    metrics,
  });
  stack.defer('health server', () => health.close());

  return {
    db,
    queues,
    loopWatch,
    parking: createParking({ db, report: reportParking({ registry: metrics, db, logger }) }),
    healthPort: health.port,
    async untilMigrated() {
      await schema.done;
      signal.throwIfAborted();
    },
  };
}
