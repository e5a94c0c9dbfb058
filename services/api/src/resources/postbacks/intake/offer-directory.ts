import { findPostbackOffers, isStoreAway, type Database, type PostbackOffer } from '@trackly-tune/database';
import { timingSafeEqual } from 'node:crypto';
import { hashSecret } from '../../../http/hash-secret.js';
import { batchCalls } from './batch-calls.js';

export type Admission =
  | { readonly kind: 'admitted'; readonly offer: PostbackOffer }
  | { readonly kind: 'unknown_offer' }
  | { readonly kind: 'wrong_secret' };

export interface OfferDirectory {
  /** Judges a postback by its offer and its secret. Throws while the offer is not known here and PostgreSQL is away. */
  admit(offerId: bigint, secret: string | undefined): Promise<Admission>;
  /** Looks again at the next postback of the offer: its secrets have changed. */
  forget(offerId: bigint): void;
}

interface Known {
  /** Null for an offer that nobody knows. */
  readonly offer: PostbackOffer | null;
  readonly readAtMs: number;
}

/** How long an offer and its secrets are taken from memory: a secret that ended early is good for so long. */
const ADMITTING_AGE_MAX_MS = 5_000;
/** A refusal needs fresher knowledge, since another process may have made the offer or the secret just now. */
const REFUSING_AGE_MAX_MS = 250;
const KNOWN_MAX = 20_000;
const LOOKUPS_PER_STATEMENT_MAX = 1_000;
const LOOKUPS_WAITING_MAX = 20_000;

/** Compares with each secret that is still valid, in constant time, so that nothing is learnt from how long it takes. */
function isValidSecret(offer: PostbackOffer, presented: string | undefined, nowMs: number): boolean {
  const hash = hashSecret(presented ?? '');
  let valid = false;
  for (const { hash: known, expiresAt } of offer.secrets) {
    const isCurrent = expiresAt === null || expiresAt.getTime() > nowMs;
    if (timingSafeEqual(known, hash) && isCurrent) valid = true;
  }
  return valid && presented !== undefined;
}

/**
 * Offers and the hashes of their secrets, kept in memory for seconds. Whoever guesses costs one statement at a time,
 * which looks up all that is asked meanwhile, and a bounded memory.
 */
export function createOfferDirectory(db: Database, nowMs: () => number): OfferDirectory {
  const known = new Map<bigint, Known>();
  const lookUp = batchCalls<bigint, PostbackOffer | null>({
    async run(offerIds) {
      const unique = [...new Set(offerIds)];
      const found = await findPostbackOffers(db, unique);
      const readAtMs = nowMs();
      for (const offerId of unique) {
        known.delete(offerId);
        known.set(offerId, { offer: found.get(offerId) ?? null, readAtMs });
      }
      // The oldest knowledge goes first: a Map keeps the order in which it was told.
      for (const offerId of known.keys()) {
        if (known.size <= KNOWN_MAX) break;
        known.delete(offerId);
      }
      return offerIds.map((offerId) => found.get(offerId) ?? null);
    },
    isEverybodys: isStoreAway,
    batchMax: LOOKUPS_PER_STATEMENT_MAX,
    waitingMax: LOOKUPS_WAITING_MAX,
  });

  async function find(offerId: bigint, ageMaxMs: number): Promise<PostbackOffer | null> {
    const entry = known.get(offerId);
    if (entry !== undefined && nowMs() - entry.readAtMs <= ageMaxMs) return entry.offer;
    return lookUp(offerId);
  }

  return {
    async admit(offerId, secret) {
      let offer = await find(offerId, ADMITTING_AGE_MAX_MS);
      if (offer !== null && isValidSecret(offer, secret, nowMs())) return { kind: 'admitted', offer };
      offer = await find(offerId, REFUSING_AGE_MAX_MS);
      if (offer === null) return { kind: 'unknown_offer' };
      return isValidSecret(offer, secret, nowMs()) ? { kind: 'admitted', offer } : { kind: 'wrong_secret' };
    },
    forget: (offerId) => void known.delete(offerId),
  };
}
