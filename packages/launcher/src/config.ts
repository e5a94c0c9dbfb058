import {
  apiKeys,
  databaseUrl,
  encryptionKeys,
  healthPort,
  host,
  logLevel,
  port,
  postbackPort,
  publicUrl,
  queuePrefix,
  rateLimit,
  redisUrl,
  trustProxy,
  tuneApiUrl,
} from '@trackly-tune/service-runtime';
import { z } from 'zod';

/** DATA_DIR: where embedded stores and generated secrets live. */
export const dataDir = z
  .string()
  .refine((text) => !text.includes('\0'), { error: 'expected a path' })
  .default('.trackly-tune');

/** What everything started together understands. Stores and secrets may be unset: they are made then. */
export const launchConfig = z.object({
  PORT: port,
  POSTBACK_PORT: postbackPort,
  HOST: host,
  HEALTH_PORT: healthPort,
  DATABASE_URL: databaseUrl.optional(),
  REDIS_URL: redisUrl.optional(),
  DATA_DIR: dataDir,
  API_KEYS: apiKeys.optional(),
  ENCRYPTION_KEYS: encryptionKeys.optional(),
  TUNE_API_URL: tuneApiUrl,
  TUNE_RATE_LIMIT: rateLimit,
  TRUST_PROXY: trustProxy,
  PUBLIC_URL: publicUrl.optional(),
  LOG_LEVEL: logLevel,
  QUEUE_PREFIX: queuePrefix,
});

export type LaunchConfig = z.output<typeof launchConfig>;
