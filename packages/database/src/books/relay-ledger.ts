import { sql } from 'kysely';
import type { Database } from '../connection/connection.js';
import { findEach } from '../connection/find-each.js';
import { notParked, type ParkableItem } from '../parking/parked-items.js';
import { inTransaction } from '../connection/retry-transaction.js';

/** Held exclusively while entries are stamped and numbered; readers of "as of a moment" share it. */
export const RELAY_LOCK_KEY = 7_041_001;

const UNPARKED = notParked('ledger', 'u.integration_id');

/** Numbers that one row of the feed gives at most: it stays small enough to stand in its page. */
export const FEED_RUN_MAX = 128;

/**
 * Numbers committed entries without gaps and folds them into the totals, in one transaction (law 4). One relay works
 * at a time; any number may be called. Returns how many entries were numbered, perhaps some more than the limit; call
 * again while it reaches that.
 * The entries of a parked integration stay unnumbered, all of them, so that they get their numbers in their order.
 *
 * @param only entries of these integrations, parked or not; by default of all that are not parked
 */
export async function relayLedger(
  db: Database,
  entriesMax: number,
  only: readonly bigint[] | null = null,
): Promise<number> {
  const wanted = only === null ? UNPARKED : sql`u.integration_id = ANY(${only}::bigint[])`;
  return inTransaction(db, async (tx) => {
    await sql`SELECT pg_advisory_xact_lock(${RELAY_LOCK_KEY}::bigint)`.execute(tx);
    const { rows } = await sql<{ first: bigint | null; count: bigint | null }>`
      WITH taken AS (
        DELETE FROM ledger_unnumbered WHERE id IN (
          SELECT id FROM (
            SELECT u.id, sum(cardinality(u.entry_nos)) OVER (ORDER BY u.id) - cardinality(u.entry_nos) AS before
            FROM ledger_unnumbered u WHERE ${wanted} ORDER BY u.id LIMIT ${entriesMax}) w
          WHERE w.before < ${entriesMax})
        RETURNING id, integration_id, conversion_ids, entry_nos
      ), entries AS (
        SELECT t.integration_id, e.conversion_id, e.entry_no,
          row_number() OVER (PARTITION BY t.integration_id ORDER BY t.id, e.position) AS own,
          row_number() OVER (ORDER BY t.turn, t.integration_id, t.id, e.position) AS n
        FROM (SELECT *, min(id) OVER (PARTITION BY integration_id) AS turn FROM taken) t CROSS JOIN LATERAL
          unnest(t.conversion_ids, t.entry_nos) WITH ORDINALITY AS e (conversion_id, entry_no, position)
      ), stamped AS (
        UPDATE ledger_sequence
        SET last_seq = last_seq + (SELECT count(*) FROM entries), last_at = greatest(last_at, clock_timestamp())
        WHERE EXISTS (SELECT 1 FROM entries)
        RETURNING last_seq - (SELECT count(*) FROM entries) AS before, last_at
      ), numbered AS (
        INSERT INTO ledger_feed (first_seq, last_seq, integration_id, at, conversion_ids, entry_nos)
        SELECT s.before + min(e.n), s.before + max(e.n), e.integration_id, s.last_at,
          array_agg(e.conversion_id ORDER BY e.n), array_agg(e.entry_no ORDER BY e.n)
        FROM entries e CROSS JOIN stamped s
        GROUP BY e.integration_id, (e.own - 1) / ${sql.raw(String(FEED_RUN_MAX))}, s.before, s.last_at
        ORDER BY min(e.n)
        RETURNING first_seq, last_seq
      )
      SELECT min(first_seq) AS first, sum(last_seq - first_seq + 1)::bigint AS count FROM numbered`.execute(tx);
    const { first = null, count = null } = rows[0] ?? {};
    if (first === null || count === null) return 0;
    await sql`
      INSERT INTO revenue_totals AS t (integration_id, day, currency, external_offer_id, creative_id, campaign_id,
        revenue_e5, unconfirmed_e5, pending_e5, conversions)
      SELECT e.integration_id, e.day, e.currency, e.external_offer_id, e.creative_id, e.campaign_id,
        sum(e.revenue_e5), sum(e.unconfirmed_e5), sum(e.pending_e5), sum(e.conversions)
      FROM ledger_feed f CROSS JOIN LATERAL unnest(f.conversion_ids, f.entry_nos) AS n (conversion_id, entry_no)
      ${findEach('ledger_entries', 'e', 'e.conversion_id = n.conversion_id AND e.entry_no = n.entry_no')}
      WHERE f.first_seq >= ${first}
      GROUP BY e.integration_id, e.day, e.currency, e.external_offer_id, e.creative_id, e.campaign_id
      ORDER BY e.integration_id, e.day, e.currency, e.external_offer_id, e.creative_id, e.campaign_id
      ON CONFLICT ON CONSTRAINT revenue_totals_key DO UPDATE SET
        revenue_e5 = t.revenue_e5 + excluded.revenue_e5, unconfirmed_e5 = t.unconfirmed_e5 + excluded.unconfirmed_e5,
        pending_e5 = t.pending_e5 + excluded.pending_e5, conversions = t.conversions + excluded.conversions`.execute(
      tx,
    );
    return Number(count);
  });
}

/** The integrations of the entries that `relayLedger` would number next. */
export async function nextUnnumbered(db: Database, entriesMax: number): Promise<ParkableItem[]> {
  const { rows } = await sql<ParkableItem>`
    SELECT DISTINCT i.id, i.account_id AS "accountId", i.id AS "integrationId"
    FROM (SELECT u.integration_id FROM ledger_unnumbered u WHERE ${UNPARKED} ORDER BY u.id LIMIT ${entriesMax}) u
    JOIN integrations i ON i.id = u.integration_id ORDER BY i.id`.execute(db);
  return rows;
}
