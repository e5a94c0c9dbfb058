import { createRedis } from '@trackly-tune/queues';
import { createLogger } from '@trackly-tune/service-runtime';
import { testRedis } from '@trackly-tune/testing';
import { createRateBudget, createTuneClients, type TuneClients, type TuneLimits } from '@trackly-tune/tune-client';
import { startTuneSimulator, type TuneSimulator } from '@trackly-tune/tune-simulator';

export interface SimulatedTune {
  readonly simulator: TuneSimulator;
  readonly tune: TuneClients;
  /** Ends the connection to Redis, without which no call may go out. */
  loseRedis(): void;
  close(): Promise<void>;
}

/** Simulated networks over HTTP and clients of them, with a real rate budget for each: plenty, or `calls` a minute. */
export async function startSimulatedTune(
  options: { calls?: number; limits?: Partial<TuneLimits> } = {},
): Promise<SimulatedTune> {
  const simulator = await startTuneSimulator({ networks: [] });
  const store = testRedis();
  const redis = createRedis({
    redisUrl: store.url,
    name: 'test',
    logger: createLogger({ service: 'test', level: 'silent' }),
  });
  const budget = createRateBudget({
    redis,
    keyPrefix: store.prefix,
    limit: { calls: options.calls ?? 1_000, windowMs: options.calls === undefined ? 1_000 : 60_000 },
    memory: { wasUsedBefore: async () => false, remember: async () => undefined },
  });
  const tune = createTuneClients({ apiUrl: simulator.apiUrl, budget, limits: options.limits ?? {} });
  return {
    simulator,
    tune,
    loseRedis: () => redis.disconnect(),
    async close() {
      await tune.close();
      redis.disconnect();
      await simulator.close();
    },
  };
}
