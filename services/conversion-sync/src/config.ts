import { tuneSettings } from '@trackly-tune/service-stores';
import { wholeNumber } from '@trackly-tune/service-runtime';
import type { z } from 'zod';

/** The environment of this service. */
export const conversionSyncConfig = tuneSettings.extend({
  /** Rows per page of a report. TUNE names no maximum; 1000 to 5000 is what others use. */
  PULL_PAGE_ROWS_MAX: wholeNumber(1, 5_000).default(1_000),
  /** Networks worked on at once. Each mostly waits for TUNE, so that many that hang delay no other. */
  PULL_CONCURRENCY: wholeNumber(1, 1_000).default(50),
  /** Connections to PostgreSQL of one process. */
  DATABASE_CONNECTIONS_MAX: wholeNumber(2, 100).default(10),
});

export type ConversionSyncConfig = z.output<typeof conversionSyncConfig>;
