import { sql } from 'kysely';
import { integrationsInScope, type BooksScope } from './books-scope.js';
import type { Database } from '../connection/connection.js';
import { findEach } from '../connection/find-each.js';
import { joinOffer } from '../offers/join-offer.js';
import { FEED_RUN_MAX } from './relay-ledger.js';

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
  const { after, limit } = page;
  // A run that begins before the cursor may end behind it.
  const { rows } = await sql<RevenueChange>`
    WITH runs AS (
      SELECT f.* FROM (${integrationsInScope(scope)}) mine CROSS JOIN LATERAL (
        SELECT * FROM ledger_feed
        WHERE integration_id = mine.id AND first_seq > ${after - BigInt(FEED_RUN_MAX)} AND last_seq > ${after}
        ORDER BY first_seq LIMIT ${limit}
      ) f
      ORDER BY f.first_seq LIMIT ${limit}
    ), wanted AS (
      SELECT * FROM (
        SELECT *, sum(last_seq - greatest(first_seq, ${after + 1n}) + 1) OVER (ORDER BY first_seq) AS through FROM runs
      ) w WHERE w.through - (w.last_seq - greatest(w.first_seq, ${after + 1n}) + 1) < ${limit}
    ), page AS MATERIALIZED (
      SELECT r.first_seq + n.position - 1 AS seq, r.at, n.conversion_id, n.entry_no
      FROM wanted r CROSS JOIN LATERAL
        unnest(r.conversion_ids, r.entry_nos) WITH ORDINALITY AS n (conversion_id, entry_no, position)
      WHERE r.first_seq + n.position - 1 > ${after} ORDER BY 1 LIMIT ${limit}
    )
    SELECT p.seq, p.at, e.conversion_id, e.integration_id, e.message_id, e.creative_id, e.campaign_id,
      o.id AS offer_id, e.external_offer_id, e.day, e.currency, e.revenue_e5, e.unconfirmed_e5, e.pending_e5,
      e.conversions, e.cause
    FROM page p
    ${findEach('ledger_entries', 'e', 'e.conversion_id = p.conversion_id AND e.entry_no = p.entry_no')}
    ${joinOffer('e.integration_id', 'e.external_offer_id')}
    ORDER BY p.seq`.execute(db);
  return rows;
}
