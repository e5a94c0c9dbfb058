import { expireOffers, nextExpiredOffers, type Database } from '@trackly-tune/database';
import type { ParkableWork } from '@trackly-tune/service-stores';

/** Makes offers expired whose expiration comes between two syncs. */
export function expireDueOffers(db: Database): ParkableWork<number> {
  return {
    kind: 'offer_expiry',
    next: () => nextExpiredOffers(db),
    work: (only) => expireOffers(db, only),
  };
}
