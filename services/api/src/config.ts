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
  retentionClicksDays,
  trustProxy,
  tuneApiUrl,
} from '@trackly-tune/service-runtime';
import { isIPv6 } from 'node:net';
import { z } from 'zod';

/** The environment of the API. */
export const config = z.object({
  HOST: host,
  PORT: port,
  POSTBACK_PORT: postbackPort,
  HEALTH_PORT: healthPort,
  PUBLIC_URL: publicUrl.optional(),
  TRUST_PROXY: trustProxy,
  DATABASE_URL: databaseUrl,
  REDIS_URL: redisUrl,
  QUEUE_PREFIX: queuePrefix,
  API_KEYS: apiKeys,
  ENCRYPTION_KEYS: encryptionKeys,
  TUNE_API_URL: tuneApiUrl,
  TUNE_RATE_LIMIT: rateLimit,
  LOG_LEVEL: logLevel,
  RETENTION_CLICKS_DAYS: retentionClicksDays,
});

export type ApiConfig = z.output<typeof config>;

/** PUBLIC_URL, by default where the service itself takes postbacks. */
export function publicUrlOf({
  PUBLIC_URL,
  HOST,
  PORT,
  POSTBACK_PORT,
}: Pick<ApiConfig, 'PUBLIC_URL' | 'HOST' | 'PORT' | 'POSTBACK_PORT'>): string {
  return PUBLIC_URL ?? `http://${isIPv6(HOST) ? `[${HOST}]` : HOST}:${POSTBACK_PORT ?? PORT}`;
}
