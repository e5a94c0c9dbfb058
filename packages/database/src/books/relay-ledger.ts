import { sql } from 'kysely';
import type { Database } from '../connection/connection.js';
import { notParked, type ParkableItem } from '../parking/parked-items.js';
import { inTransaction } from '../connection/retry-transaction.js';

/** Held exclusively while entries are stamped and numbered; readers of "as of a moment" share it. */
export const RELAY_LOCK_KEY = 7_041_001;

/** Whose an entry is: those that the release before wrote do not say it themselves. */
const OWNER = `coalesce(u.integration_id, (SELECT e.integration_id FROM ledger_entries e WHERE e.id = u.entry_id))`;
const UNPARKED = notParked('ledger', OWNER);

/**
 * Numbers committed entries without gaps and folds them into the totals, in one transaction (law 4). One relay works
 * at a time; any number may be called. Returns how many entries were numbered; call again while it equals the limit.
 * The entries of a parked integration stay unnumbered, all of them, so that they get their numbers in their order.
 *
 * @param only entries of these integrations, parked or not; by default of all that are not parked
 */
export async function relayLedger(
  db: Database,
  entriesMax: number,
  only: readonly bigint[] | null = null,
): Promise<number> {
  const wanted = only === null ? UNPARKED : sql`${sql.raw(OWNER)} = ANY(${only}::bigint[])`;
  return inTransaction(db, async (tx) => {
    await sql`SELECT pg_advisory_xact_lock(${RELAY_LOCK_KEY}::bigint)`.execute(tx);
    const { rows } = await sql<{ first: bigint | null; count: bigint }>`
      WITH taken AS (
        DELETE FROM ledger_unnumbered WHERE entry_id IN (
          SELECT u.entry_id FROM ledger_unnumbered u WHERE ${wanted} ORDER BY u.entry_id LIMIT ${entriesMax})
        RETURNING entry_id
      ), stamped AS (
        UPDATE ledger_sequence
        SET last_seq = last_seq + (SELECT count(*) FROM taken), last_at = greatest(last_at, clock_timestamp())
        WHERE EXISTS (SELECT 1 FROM taken)
        RETURNING last_seq - (SELECT count(*) FROM taken) AS before, last_at
      ), numbered AS (
        INSERT INTO ledger_feed (seq, entry_id, account_id, integration_id, at)
        SELECT s.before + row_number() OVER (ORDER BY e.id), e.id, e.account_id, e.integration_id, s.last_at
        FROM stamped s, taken t JOIN ledger_entries e ON e.id = t.entry_id
        RETURNING seq
      )
      SELECT min(seq) AS first, count(*) AS count FROM numbered`.execute(tx);
    const { first = null, count = 0n } = rows[0] ?? {};
    if (first === null) return 0;
    await sql`
      INSERT INTO revenue_totals AS t (integration_id, account_id, day, currency, external_offer_id, creative_id,
        campaign_id, revenue_e5, unconfirmed_e5, pending_e5, conversions)
      SELECT e.integration_id, min(e.account_id), e.day, e.currency, e.external_offer_id, e.creative_id, e.campaign_id,
        sum(e.revenue_e5), sum(e.unconfirmed_e5), sum(e.pending_e5), sum(e.conversions)
      FROM ledger_feed f JOIN ledger_entries e ON e.id = f.entry_id
      WHERE f.seq >= ${first}
      GROUP BY e.integration_id, e.day, e.currency, e.external_offer_id, e.creative_id, e.campaign_id
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
    SELECT DISTINCT e.integration_id AS id, e.account_id AS "accountId", e.integration_id AS "integrationId"
    FROM (SELECT u.entry_id FROM ledger_unnumbered u WHERE ${UNPARKED} ORDER BY u.entry_id LIMIT ${entriesMax}) u
    JOIN ledger_entries e ON e.id = u.entry_id ORDER BY e.integration_id`.execute(db);
  return rows;
}
