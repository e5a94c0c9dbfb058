import { sql } from 'kysely';
import type { BooksScope } from './books-scope.js';
import type { Database } from '../connection/connection.js';
import { joinOffer } from '../offers/join-offer.js';

/** A numbered entry of the ledger. Amounts are signed changes in units of 1/100,000 of the currency. */
export interface RevenueChange {
  readonly seq: bigint;
  readonly at: Date;
  readonly conversion_id: bigint;
  readonly integration_id: bigint;
  readonly message_id: string | null;
  readonly creative_id: string | null;
  readonly campaign_id: string | null;
  /** Our offer, resolved when read; null when it was never imported. */
  readonly offer_id: bigint | null;
  readonly external_offer_id: string;
  readonly day: string;
  readonly currency: string;
  readonly revenue_e5: bigint;
  readonly unconfirmed_e5: bigint;
  readonly pending_e5: bigint;
  readonly conversions: number;
  readonly cause: string;
}

/**
 * The next entries of the books behind `after` (exclusive), in the order of their numbers. Numbers become visible in
 * their own order, so nothing ever appears behind a number already handed out (law 4).
 */
export async function readRevenueChanges(
  db: Database,
  scope: BooksScope,
  page: { after: bigint; limit: number },
): Promise<RevenueChange[]> {
  const mine =
    'accountId' in scope ? sql`account_id = ${scope.accountId}` : sql`integration_id = ${scope.integrationId}`;
  const { rows } = await sql<RevenueChange>`
    WITH page AS MATERIALIZED (
      SELECT seq, entry_id, at FROM ledger_feed WHERE ${mine} AND seq > ${page.after} ORDER BY seq LIMIT ${page.limit}
    )
    SELECT p.seq, p.at, e.conversion_id, e.integration_id, e.message_id, e.creative_id, e.campaign_id,
      o.id AS offer_id, e.external_offer_id, e.day, e.currency, e.revenue_e5, e.unconfirmed_e5, e.pending_e5,
      e.conversions, e.cause
    FROM page p
    JOIN ledger_entries e ON e.id = p.entry_id
    ${joinOffer('e.integration_id', 'e.external_offer_id')}
    ORDER BY p.seq`.execute(db);
  return rows;
}
