import { tuneSettings } from '@trackly-tune/service-stores';
import { wholeNumber } from '@trackly-tune/service-runtime';
import type { z } from 'zod';

/** The environment of this service. */
export const offerSyncConfig = tuneSettings.extend({
  /** Offers per page of a catalogue. TUNE names no maximum; offers carry long descriptions. */
  OFFER_PAGE_MAX: wholeNumber(1, 5_000).default(500),
  /** Networks worked on at once. Each mostly waits for TUNE, so that many that hang delay no other. */
  OFFER_CONCURRENCY: wholeNumber(1, 1_000).default(50),
  /** Connections to PostgreSQL of one process. */
  DATABASE_CONNECTIONS_MAX: wholeNumber(2, 100).default(10),
});

export type OfferSyncConfig = z.output<typeof offerSyncConfig>;
