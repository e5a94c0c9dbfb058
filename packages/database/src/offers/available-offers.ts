import { sql } from 'kysely';
import type { OfferStatus } from '@trackly-tune/domain';
import type { Database } from '../connection/connection.js';

export interface AvailableOfferRow {
  readonly external_id: string;
  readonly name: string;
  readonly tune_status: string;
  readonly offer_url: string | null;
  readonly default_payout_e5: bigint | null;
  readonly percent_payout_e5: bigint | null;
  readonly payout_type: string | null;
  /** The offer's own, else the integration's default. */
  readonly currency: string;
  readonly advertiser_id: string | null;
  readonly advertiser_name: string | null;
  readonly expires_at: Date | null;
  /** Its expiration has come, or TUNE says that it is over. */
  readonly is_over: boolean;
  readonly changed_at: Date;
  /** Our offer, where it is imported. */
  readonly offer_id: bigint | null;
}

const IS_OVER = sql`(c.is_expired OR coalesce(c.expires_at <= now(), false))`;

/** As `offerStatusOf` says: `paused` also takes every word of TUNE that is not known. */
function conditionOfStatus(status: OfferStatus) {
  // Not by the database's own language: in some an I becomes no i.
  const word = sql`lower(c.tune_status COLLATE "C")`;
  switch (status) {
    case 'active':
      return sql`${word} = 'active' AND NOT ${IS_OVER}`;
    case 'expired':
      return sql`(${word} = 'expired' OR ${IS_OVER}) AND ${word} <> 'deleted'`;
    case 'archived':
      return sql`${word} = 'deleted'`;
    case 'paused':
      return sql`${word} NOT IN ('active', 'expired', 'deleted') AND NOT ${IS_OVER}`;
  }
}

/**
 * A page of a network's catalogue as last fetched, in the order of TUNE's ids. Offers that the last complete one did
 * not hold are left out. `search` looks for a part of the name, whatever its case, or for the id.
 */
export async function listAvailableOffers(
  db: Database,
  filter: { integrationId: bigint; search?: string | undefined; status?: OfferStatus | undefined },
  page: { limit: number; offset: number },
): Promise<{ rows: AvailableOfferRow[]; total: number }> {
  const { integrationId, search, status } = filter;
  const searched =
    search === undefined
      ? sql`true`
      : sql`(strpos(lower(c.name), lower(${search})) > 0 OR c.external_id = ${search}
          OR strpos(lower(c.name COLLATE "C"), lower(${search} COLLATE "C")) > 0)`;
  const where = sql`c.integration_id = ${integrationId} AND c.missed_catalogues = 0 AND ${searched}
    AND ${status === undefined ? sql`true` : conditionOfStatus(status)}`;
  const counted = await sql<{ total: number }>`
    SELECT count(*)::int AS total FROM catalogue_offers c WHERE ${where}`.execute(db);
  const { rows } = await sql<AvailableOfferRow>`
    SELECT c.external_id, c.name, c.tune_status, c.offer_url, c.default_payout_e5, c.percent_payout_e5, c.payout_type,
      coalesce(c.currency, st.default_currency) AS currency, c.advertiser_id, c.advertiser_name, c.expires_at,
      ${IS_OVER} AS is_over, c.changed_at,
      o.id AS offer_id
    FROM catalogue_offers c
    JOIN integrations i ON i.id = c.integration_id
    JOIN integration_settings st ON st.integration_id = i.id AND st.version = i.settings_version
    LEFT JOIN offers o ON o.integration_id = c.integration_id AND o.external_id = c.external_id
    WHERE ${where}
    -- Numbers by their value, then whatever else an id may be.
    ORDER BY length(c.external_id), c.external_id LIMIT ${page.limit} OFFSET ${page.offset}`.execute(db);
  return { rows, total: counted.rows[0]?.total ?? 0 };
}
