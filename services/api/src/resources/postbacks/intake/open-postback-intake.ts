import { storePostbacks, type Database } from '@trackly-tune/database';
import type { FastifyBaseLogger } from 'fastify';
import type { ApiPorts } from '../../../ports.js';
import { createOfferDirectory } from './offer-directory.js';
import { createRefusalCounts } from './refusal-counts.js';
import { gatherWakes } from './wake-settling.js';
import { openPostbackDesk, type PostbackDesk } from './take-postback.js';

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
  wake: ApiPorts['wake'];
  nowMs: () => number;
  logger: FastifyBaseLogger;
}): PostbackIntake {
  const { db, nowMs } = parts;
  const directory = createOfferDirectory(db, nowMs);
  const counts = createRefusalCounts(db, nowMs, parts.logger);
  const wakes = gatherWakes(parts);
  return {
    desk: openPostbackDesk({
      store: (deliveries) => storePostbacks(db, deliveries),
      directory,
      counts,
      onStored: wakes.wake,
    }),
    forgetOffer: directory.forget,
    async close() {
      wakes.close();
      await counts.close();
    },
  };
}
