import { createBudgetMemory, type Database } from '@trackly-tune/database';
import { createRedis } from '@trackly-tune/queues';
import { createTuneMetrics, type Logger, type Metrics } from '@trackly-tune/service-runtime';
import { createRateBudget, createTuneClients, watchRateBudget, type TuneClients } from '@trackly-tune/tune-client';
import type { ConversionSyncConfig } from './config.js';

/** The way to TUNE, with the budget of each network shared by all processes through Redis. */
export function openTune(options: {
  config: ConversionSyncConfig;
  db: Database;
  logger: Logger;
  metrics: Metrics;
}): TuneClients {
  const { config, db, logger, metrics } = options;
  const redis = createRedis({ redisUrl: config.REDIS_URL, name: 'rate budget', logger });
  const rateBudget = createRateBudget({
    redis,
    keyPrefix: config.QUEUE_PREFIX,
    limit: config.TUNE_RATE_LIMIT,
    memory: createBudgetMemory(db),
  });
  const budget = watchRateBudget(rateBudget);
  const { observeCall } = createTuneMetrics(metrics, budget.recentUsage);
  const clients = createTuneClients({ apiUrl: config.TUNE_API_URL, budget, observe: observeCall });
  return {
    open: (credentials) => clients.open(credentials),
    async close() {
      await clients.close();
      redis.disconnect();
    },
  };
}
