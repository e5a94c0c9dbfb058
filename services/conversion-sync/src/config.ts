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
  tuneApiUrl,
  wholeNumber,
} from '@trackly-tune/service-runtime';
import { z } from 'zod';

/** The environment of this service. */
export const conversionSyncConfig = z.object({
  DATABASE_URL: databaseUrl,
  REDIS_URL: redisUrl,
  QUEUE_PREFIX: queuePrefix,
  ENCRYPTION_KEYS: encryptionKeys,
  TUNE_API_URL: tuneApiUrl,
  TUNE_RATE_LIMIT: rateLimit,
  HOST: host,
  HEALTH_PORT: healthPort,
  LOG_LEVEL: logLevel,
  /** Rows per page of a report. TUNE names no maximum; 1000 to 5000 is what others use. */
  PULL_PAGE_ROWS_MAX: wholeNumber(1, 5_000).default(1_000),
  /** Networks worked on at once. Each mostly waits for TUNE, so that many that hang delay no other. */
  PULL_CONCURRENCY: wholeNumber(1, 1_000).default(50),
  /** After this long without a renewal another worker takes a dead worker's network over. */
  NETWORK_LEASE_MS: networkLeaseMs,
  /** A network that waits this long in spite of its signal is worked on without the queue. */
  DIRECT_AFTER_MS: directAfterMs,
  /** Connections to PostgreSQL of one process. */
  DATABASE_CONNECTIONS_MAX: wholeNumber(2, 100).default(10),
});

export type ConversionSyncConfig = z.output<typeof conversionSyncConfig>;
