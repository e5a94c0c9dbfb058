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
export const offerSyncConfig = z.object({
  DATABASE_URL: databaseUrl,
  REDIS_URL: redisUrl,
  QUEUE_PREFIX: queuePrefix,
  ENCRYPTION_KEYS: encryptionKeys,
  TUNE_API_URL: tuneApiUrl,
  TUNE_RATE_LIMIT: rateLimit,
  HOST: host,
  HEALTH_PORT: healthPort,
  LOG_LEVEL: logLevel,
  /** Offers per page of a catalogue. TUNE names no maximum; offers carry long descriptions. */
  OFFER_PAGE_MAX: wholeNumber(1, 5_000).default(500),
  /** Networks worked on at once. Each mostly waits for TUNE, so that many that hang delay no other. */
  OFFER_CONCURRENCY: wholeNumber(1, 1_000).default(50),
  /** After this long without a renewal another worker takes a dead worker's network over. */
  NETWORK_LEASE_MS: networkLeaseMs,
  /** A network that waits this long in spite of its signal is worked on without the queue. */
  DIRECT_AFTER_MS: directAfterMs,
  /** Connections to PostgreSQL of one process. */
  DATABASE_CONNECTIONS_MAX: wholeNumber(2, 100).default(10),
});

export type OfferSyncConfig = z.output<typeof offerSyncConfig>;
