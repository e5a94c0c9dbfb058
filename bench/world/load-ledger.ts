import type pg from 'pg';

const CHUNK_ENTRIES = 500_000;

export interface LedgerShape {
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
  const { integrationId, entries, offers, creativesPerOffer, days, lastDay } = shape;
  const client = await db.connect();
  try {
    await client.query('SET session_replication_role = replica');
    const last = await client.query<{ id: string; seq: string }>(
      `SELECT (SELECT coalesce(-min(conversion_id), 0) FROM ledger_entries WHERE conversion_id < 0) AS id, last_seq AS seq
       FROM ledger_sequence`,
    );
    const lastId = Number(last.rows[0]?.id ?? 0);
    const lastSeq = Number(last.rows[0]?.seq ?? 0);
    for (let from = 0; from < entries; from += CHUNK_ENTRIES) {
      const to = Math.min(entries, from + CHUNK_ENTRIES) - 1;
      await client.query(
        `INSERT INTO ledger_entries (conversion_id, entry_no, decision_no, integration_id, message_id, creative_id,
           campaign_id, external_offer_id, day, currency, revenue_e5, unconfirmed_e5, pending_e5, conversions, cause)
         SELECT -n - 1 - $8::bigint, 1, 1, $1, 'M' || lpad((n % 1000000)::text, 7, '0'),
           'creative-' || n % $4::int || '-' || n / $4::int % $5::int, 'campaign-' || n % $4::int % 10,
           (100 + n % $4::int)::text, $7::date - (n / 7 % $6::int)::int, 'USD', 100000 + n % 977 * 1000, 0, 0, 1, 'pull'
         FROM generate_series($2::bigint, $3::bigint) n`,
        [String(integrationId), from, to, offers, creativesPerOffer, days, lastDay, lastId],
      );
      await client.query(
        `INSERT INTO ledger_feed (first_seq, last_seq, integration_id, at, conversion_ids, entry_nos)
         SELECT min(n) + 1 + $4::bigint, max(n) + 1 + $4::bigint, $1, now(), array_agg(-n - 1 - $5::bigint ORDER BY n),
           array_agg(1 ORDER BY n)
         FROM generate_series($2::bigint, $3::bigint) n GROUP BY n / 100 ORDER BY 1`,
        [String(integrationId), from, to, lastSeq, lastId],
      );
    }
    await client.query(
      `INSERT INTO revenue_totals (integration_id, day, currency, external_offer_id, creative_id, campaign_id, revenue_e5,
         unconfirmed_e5, pending_e5, conversions)
       SELECT integration_id, day, currency, external_offer_id, creative_id, campaign_id, sum(revenue_e5),
         sum(unconfirmed_e5), sum(pending_e5), sum(conversions)
       FROM ledger_entries WHERE conversion_id < -$1::bigint
       GROUP BY integration_id, day, currency, external_offer_id, creative_id, campaign_id`,
      [lastId],
    );
    await client.query('UPDATE ledger_sequence SET last_seq = $1, last_at = now()', [lastSeq + entries]);
    await client.query('RESET session_replication_role');
  } finally {
    client.release();
  }
}
