import type { Database, PostbackDelivery } from '@trackly-tune/database';
import type { FastifyBaseLogger } from 'fastify';
import type { ApiPorts } from '../../../ports.js';
import { createOfferDirectory } from './offer-directory.js';
import { createRefusalCounts } from './refusal-counts.js';
import { gatherSignals } from './signal-settling.js';
import { openPostbackDesk, type PostbackDesk } from './take-postback.js';

/**
 * Makes deliveries durable, many with one commit. Tells, in the order given, which said something new (law 5:
 * acknowledged after the write).
 */
export type StorePostbacks = (deliveries: readonly PostbackDelivery[]) => Promise<boolean[]>;

/** What takes postbacks in, whichever server they come through. */
export interface PostbackIntake {
  readonly desk: PostbackDesk;
  /** The secrets of an offer have changed: look again at its next postback. */
  forgetOffer(offerId: bigint): void;
  /** Writes what was counted. Call it after the servers are closed. */
  close(): Promise<void>;
}

/** Opens the intake of one process. */
export function openPostbackIntake(parts: {
  db: Database;
  store: StorePostbacks;
  signal: ApiPorts['signal'];
  nowMs: () => number;
  logger: FastifyBaseLogger;
}): PostbackIntake {
  const { db, store, nowMs } = parts;
  const directory = createOfferDirectory(db, nowMs);
  const counts = createRefusalCounts(db, nowMs, parts.logger);
  const signals = gatherSignals(parts);
  return {
    desk: openPostbackDesk({ store, directory, counts, onStored: signals.signal }),
    forgetOffer: directory.forget,
    async close() {
      signals.close();
      await counts.close();
    },
  };
}
