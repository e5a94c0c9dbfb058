import type pg from 'pg';

const CHUNK_ROWS = 250_000;
/** As the relay gives numbers: up to 128 entries of one integration in a row. */
const FEED_RUN = 100;
const DAYS = 365;

export interface BooksShape {
  readonly accountId: string;
  /** Take turns, so that each has rows of all days. */
  readonly integrationIds: readonly bigint[];
  readonly conversions: number;
  /** The latest of 365 days. */
  readonly lastDay: string;
}

/** `$1` integrations, `$2` account, `$3` last day, `$4` and `$5` the first and last row of the chunk, of `$6`; days in their order. */
const CONVERSIONS = `
  INSERT INTO conversions (integration_id, tune_event_id, transaction_id, settings_version, click_window_days, version,
    content_hash, observed_at, external_offer_id, goal_id, status, is_test, is_adjustment, payout_e5, currency, day,
    converted_at)
  SELECT ($1::bigint[])[1 + n % cardinality($1::bigint[])], md5('event' || n), hash_in_account($2, 'ad:old-' || n), 1, 30, 1,
    decode(md5(n::text), 'hex'), now(), (100 + n % 20)::text, '0', 'approved', false, false, 100000 + n % 977 * 1000, 'USD',
    $3::date - (($6::bigint - n - 1) * ${DAYS} / $6::bigint)::int, $3::date - ($6::bigint - n - 1) * ${DAYS} / $6::bigint * interval '1 day'
  FROM generate_series($4::bigint, $5::bigint) n`;
/** The rest of each follows from its conversion; `$1` is the id of the last one before. */
const FROM_CONVERSIONS = [
  `INSERT INTO conversion_versions (conversion_id, version, observed_at, told, status, is_adjustment, local_time, payout,
     currency, ad_id, offer_id, affiliate_id, goal_id, status_code, aff_sub)
   SELECT id, 1, now(), 32767, 'approved', false, converted_at, '1.00000', 'USD', 'old-' || id, external_offer_id, '1002',
     '0', '43', 'M' || lpad((id % 1000000)::text, 7, '0')
   FROM conversions WHERE id > $1`,
  `INSERT INTO transaction_lookups SELECT hash_in_account('old', 'message:M' || id), transaction_id
   FROM conversions WHERE id > $1`,
  `INSERT INTO decisions (conversion_id, no, cause, rule_version, settings_version, fact_version, click_window_days,
     method, reason, counting, click_id, message_id, creative_id, campaign_id, lookups, evidence_hash)
   SELECT id, 1, 'first_seen', 4, 1, 1, 30, 'click', 'click_by_ad_id', 'approved', 'old-' || id,
     'M' || lpad((id % 1000000)::text, 7, '0'), 'creative-' || id % 8, 'campaign-' || id % 4,
     '1:ad_id:used,2:aff_sub:found', decode(md5(id::text), 'hex')
   FROM conversions WHERE id > $1`,
  `INSERT INTO ledger_entries (conversion_id, entry_no, decision_no, integration_id, message_id, creative_id, campaign_id,
     external_offer_id, day, currency, revenue_e5, unconfirmed_e5, pending_e5, conversions, cause)
   SELECT id, 1, 1, integration_id, 'M' || lpad((id % 1000000)::text, 7, '0'), 'creative-' || id % 8,
     'campaign-' || id % 4, external_offer_id, day, 'USD', payout_e5, 0, 0, 1, 'first_seen'
   FROM conversions WHERE id > $1`,
  `WITH numbered AS (
     SELECT id, integration_id, row_number() OVER (ORDER BY integration_id, id) AS at,
       (row_number() OVER (PARTITION BY integration_id ORDER BY id) - 1) / ${FEED_RUN} AS run
     FROM conversions WHERE id > $1
   ), moved AS (
     UPDATE ledger_sequence SET last_seq = last_seq + (SELECT count(*) FROM numbered), last_at = now() RETURNING last_seq
   )
   INSERT INTO ledger_feed (first_seq, last_seq, integration_id, at, conversion_ids, entry_nos)
   SELECT b.base + min(n.at), b.base + max(n.at), n.integration_id, now(), array_agg(n.id ORDER BY n.at),
     array_agg(1 ORDER BY n.at)
   FROM numbered n, (SELECT last_seq - (SELECT count(*) FROM numbered) AS base FROM moved) b
   GROUP BY n.integration_id, n.run, b.base ORDER BY 1`,
];
const TOTALS = `
  INSERT INTO revenue_totals (integration_id, day, currency, external_offer_id, creative_id, campaign_id, revenue_e5,
    unconfirmed_e5, pending_e5, conversions)
  SELECT integration_id, day, currency, external_offer_id, creative_id, campaign_id, sum(revenue_e5),
    sum(unconfirmed_e5), sum(pending_e5), sum(conversions)
  FROM ledger_entries WHERE integration_id = ANY($1::bigint[])
  GROUP BY integration_id, day, currency, external_offer_id, creative_id, campaign_id`;

/**
 * Facts and books of a year in sets, consistent with each other: conversions with a version, a decision, an entry, its
 * number and the totals. Only into a benchmark's own database, before anything else is booked there: it passes by the
 * triggers that guard the tables.
 */
export async function loadBooks(
  db: pg.Pool,
  { accountId, integrationIds, conversions, lastDay }: BooksShape,
): Promise<void> {
  const ids = integrationIds.map(String);
  const client = await db.connect();
  try {
    await client.query('SET session_replication_role = replica');
    for (let from = 0; from < conversions; from += CHUNK_ROWS) {
      const last = await client.query<{ id: string }>('SELECT coalesce(max(id), 0) AS id FROM conversions');
      const to = Math.min(conversions, from + CHUNK_ROWS) - 1;
      await client.query(CONVERSIONS, [ids, accountId, lastDay, from, to, conversions]);
      for (const statement of FROM_CONVERSIONS) await client.query(statement, [last.rows[0]?.id ?? '0']);
    }
    await client.query(TOTALS, [ids]);
    await client.query('RESET session_replication_role');
  } finally {
    client.release();
  }
}
