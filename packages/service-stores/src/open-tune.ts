import { createBudgetMemory, type Database } from '@trackly-tune/database';
import { createRedis } from '@trackly-tune/queues';
import { createTuneMetrics, type Logger, type Metrics } from '@trackly-tune/service-runtime';
import {
  createRateBudget,
  createTuneClients,
  watchRateBudget,
  type TuneClients,
  type TuneLimits,
} from '@trackly-tune/tune-client';
import type { TuneSettings } from './worker-settings.js';

/** Opens the way to TUNE; tests open another one. */
export type OpenTune = (options: {
  readonly config: Pick<TuneSettings, 'REDIS_URL' | 'QUEUE_PREFIX' | 'TUNE_API_URL' | 'TUNE_RATE_LIMIT'>;
  readonly db: Database;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Bounds that differ from those of a worker. */
  readonly limits?: Partial<TuneLimits>;
}) => TuneClients;

/**
 * Opens the way to TUNE within the budget that all processes share: the same Redis and the same QUEUE_PREFIX, or they
 * would each have one of their own (law 9). Nothing is connected to TUNE yet.
 */
export const openTune: OpenTune = ({ config, db, logger, metrics, limits = {} }) => {
  const redis = createRedis({ redisUrl: config.REDIS_URL, name: 'rate budget', logger });
  const rateBudget = createRateBudget({
    redis,
    keyPrefix: config.QUEUE_PREFIX,
    limit: config.TUNE_RATE_LIMIT,
    memory: createBudgetMemory(db),
  });
  const budget = watchRateBudget(rateBudget);
  const { observeCall } = createTuneMetrics(metrics, budget.recentUsage);
  const clients = createTuneClients({ apiUrl: config.TUNE_API_URL, budget, limits, observe: observeCall });
  return {
    open: (credentials) => clients.open(credentials),
    async close() {
      await clients.close();
      redis.disconnect();
    },
  };
};
