import { workerSettings } from '@trackly-tune/service-stores';
import { retentionClicksDays, retentionLogDays, wholeNumber } from '@trackly-tune/service-runtime';
import type { z } from 'zod';

/** The environment of this service. */
export const attributionConfig = workerSettings.extend({
  /** Transactions settled in one database transaction: bounds memory and the length of locks. */
  ATTRIBUTION_BATCH_MAX: wholeNumber(1, 5_000).default(1_000),
  /** A run waits so long for parked transactions to go through after all, then it ends without them. */
  PARKED_WAIT_MS: wholeNumber(0, 86_400_000).default(120_000),
  RETENTION_CLICKS_DAYS: retentionClicksDays,
  RETENTION_LOG_DAYS: retentionLogDays,
  /** Connections to PostgreSQL of one process. */
  DATABASE_CONNECTIONS_MAX: wholeNumber(2, 100).default(5),
});

export type AttributionConfig = z.output<typeof attributionConfig>;
