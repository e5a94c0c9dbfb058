import type pg from 'pg';

const CHUNK_ENTRIES = 500_000;

export interface LedgerShape {
  readonly accountId: string;
  readonly integrationId: bigint;
  readonly entries: number;
  readonly offers: number;
  readonly creativesPerOffer: number;
  readonly days: number;
  /** The last of the days. */
  readonly lastDay: string;
}

/**
 * Adds to the books in sets: entries, their numbers and the totals folded from them, consistent as the relay leaves
 * them. Only for a benchmark's own database, and while nothing else is booked: it passes by the triggers that guard the
 * ledger. The conversions of the entries do not exist.
 */
export async function loadLedger(db: pg.Pool, shape: LedgerShape): Promise<void> {
  const { accountId, integrationId, entries, offers, creativesPerOffer, days, lastDay } = shape;
  const client = await db.connect();
  try {
    await client.query('SET session_replication_role = replica');
    const last = await client.query<{ id: string; seq: string }>(
      `SELECT (SELECT coalesce(max(id), 0) FROM ledger_entries) AS id, last_seq AS seq FROM ledger_sequence`,
    );
    const lastId = Number(last.rows[0]?.id ?? 0);
    const lastSeq = Number(last.rows[0]?.seq ?? 0);
    for (let from = 0; from < entries; from += CHUNK_ENTRIES) {
      const to = Math.min(entries, from + CHUNK_ENTRIES) - 1;
      await client.query(
        `INSERT INTO ledger_entries (id, conversion_id, entry_no, decision_id, account_id, integration_id, message_id,
           creative_id, campaign_id, external_offer_id, day, currency, revenue_e5, unconfirmed_e5, pending_e5,
           conversions, cause)
         OVERRIDING SYSTEM VALUE
         SELECT $9::bigint + n + 1, -n - 1, 1, -n - 1, $1, $2, 'M' || lpad((n % 1000000)::text, 7, '0'),
           'creative-' || n % $5::int || '-' || n / $5::int % $6::int, 'campaign-' || n % $5::int % 10,
           (100 + n % $5::int)::text, $8::date - (n / 7 % $7::int)::int, 'USD', 100000 + n % 977 * 1000, 0, 0, 1, 'pull'
         FROM generate_series($3::bigint, $4::bigint) n`,
        [accountId, String(integrationId), from, to, offers, creativesPerOffer, days, lastDay, lastId],
      );
      await client.query(
        `INSERT INTO ledger_feed (seq, entry_id, account_id, integration_id, at)
         SELECT id - $3::bigint + $4::bigint, id, account_id, integration_id, now()
         FROM ledger_entries WHERE id BETWEEN $1 AND $2`,
        [lastId + from + 1, lastId + to + 1, lastId, lastSeq],
      );
    }
    await client.query(
      `INSERT INTO revenue_totals (integration_id, account_id, day, currency, external_offer_id, creative_id,
         campaign_id, revenue_e5, unconfirmed_e5, pending_e5, conversions)
       SELECT integration_id, min(account_id), day, currency, external_offer_id, creative_id, campaign_id,
         sum(revenue_e5), sum(unconfirmed_e5), sum(pending_e5), sum(conversions)
       FROM ledger_entries WHERE id > $1
       GROUP BY integration_id, day, currency, external_offer_id, creative_id, campaign_id`,
      [lastId],
    );
    await client.query('UPDATE ledger_sequence SET last_seq = $1, last_at = now()', [lastSeq + entries]);
    await client.query(`SELECT setval(pg_get_serial_sequence('ledger_entries', 'id'), $1)`, [lastId + entries]);
    await client.query('RESET session_replication_role');
  } finally {
    client.release();
  }
}
