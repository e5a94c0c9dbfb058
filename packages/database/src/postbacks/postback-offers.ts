import { sql } from 'kysely';
import type { Database } from '../connection/connection.js';

/** What a postback of an offer is judged by. */
export interface PostbackOffer {
  readonly offerId: bigint;
  readonly affiliateId: string;
  /** SHA-256 of each secret that is not over yet. */
  readonly secrets: readonly { readonly hash: Buffer; readonly expiresAt: Date | null }[];
}

/** The offers with these numbers, by number; those of deleted integrations are nobody's. One statement. */
export async function findPostbackOffers(
  db: Database,
  offerIds: readonly bigint[],
): Promise<ReadonlyMap<bigint, PostbackOffer>> {
  const { rows } = await sql<{
    id: bigint;
    affiliate_id: string;
    secret_hash: Buffer | null;
    expires_at: Date | null;
  }>`
    SELECT o.id, i.affiliate_id, s.secret_hash, s.expires_at
    FROM offers o
    JOIN integrations i ON i.id = o.integration_id AND i.deleted_at IS NULL
    LEFT JOIN postback_secrets s ON s.offer_id = o.id AND (s.expires_at IS NULL OR s.expires_at > statement_timestamp())
    WHERE o.id = ANY(${offerIds}::bigint[])`.execute(db);
  const found = new Map<bigint, PostbackOffer>();
  for (const row of rows) {
    const before = found.get(row.id)?.secrets ?? [];
    const own = row.secret_hash === null ? [] : [{ hash: row.secret_hash, expiresAt: row.expires_at }];
    found.set(row.id, { offerId: row.id, affiliateId: row.affiliate_id, secrets: [...before, ...own] });
  }
  return found;
}
