import {
  databaseUrl,
  directAfterMs,
  encryptionKeys,
  healthPort,
  host,
  logLevel,
  networkLeaseMs,
  queuePrefix,
  rateLimit,
  redisUrl,
  retryAfterMs,
  tuneApiUrl,
} from '@trackly-tune/service-runtime';
import { z } from 'zod';

/** The environment of every worker. */
export const workerSettings = z.object({
  DATABASE_URL: databaseUrl,
  REDIS_URL: redisUrl,
  QUEUE_PREFIX: queuePrefix,
  HOST: host,
  HEALTH_PORT: healthPort,
  LOG_LEVEL: logLevel,
});

/** What workers that call TUNE need beside that. */
export const tuneSettings = workerSettings.extend({
  ENCRYPTION_KEYS: encryptionKeys,
  TUNE_API_URL: tuneApiUrl,
  TUNE_RATE_LIMIT: rateLimit,
  /** After this long without a renewal another worker takes a dead worker's network over. */
  NETWORK_LEASE_MS: networkLeaseMs,
  /** A network that waits this long in spite of its wake-up is worked on without the queue. */
  DIRECT_AFTER_MS: directAfterMs,
  /** What failed in a way that may pass is asked again after this long, then after five times as long. */
  RETRY_AFTER_MS: retryAfterMs,
});

export type WorkerSettings = z.output<typeof workerSettings>;
export type TuneSettings = z.output<typeof tuneSettings>;
