import { sql, type RawBuilder } from 'kysely';
import type { IdField, MessageIdField, OfferStatus } from '@trackly-tune/domain';
import type { Database } from '../connection/connection.js';
import { OFFER_STATE, type OfferStateRow } from './offer-rows.js';

/** An offer as it stands, with the account it belongs to. */
export interface OfferRow extends OfferStateRow {
  readonly integration_id: bigint;
  readonly account_id: string;
  readonly made_by_hand: boolean;
  readonly last_synced_at: Date | null;
  readonly payout_since: Date | null;
  readonly created_at: Date;
  readonly updated_at: Date;
}

/**
 * A sync that finds an offer unchanged writes nothing, so an offer that the last catalogue held was synced when that
 * run succeeded.
 */
const SELECTED = sql`
  SELECT ${OFFER_STATE}, o.integration_id, i.account_id, o.made_by_hand, o.payout_since, o.created_at, o.updated_at,
    CASE WHEN c.missed_catalogues = 0 THEN greatest(o.last_synced_at, s.last_succeeded_at)
      ELSE o.last_synced_at END AS last_synced_at
  FROM offers o
  JOIN integrations i ON i.id = o.integration_id
  LEFT JOIN catalogue_offers c ON c.integration_id = o.integration_id AND c.external_id = o.external_id
  LEFT JOIN sync_schedules s ON s.integration_id = o.integration_id AND s.kind = 'offers'`;

/** One offer; null when there is none with this id. */
export async function findOffer(db: Database, offerId: bigint): Promise<OfferRow | null> {
  const { rows } = await sql<OfferRow>`${SELECTED} WHERE o.id = ${offerId}`.execute(db);
  return rows[0] ?? null;
}

/** A page of offers in the order in which they were made, and how many there are in all. */
export async function listOffers(
  db: Database,
  filter: { accountId?: string | undefined; integrationId?: bigint | undefined; status?: OfferStatus | undefined },
  page: { limit: number; offset: number },
): Promise<{ rows: OfferRow[]; total: number }> {
  const conditions: RawBuilder<unknown>[] = [sql`true`];
  if (filter.accountId !== undefined) conditions.push(sql`i.account_id = ${filter.accountId}`);
  if (filter.integrationId !== undefined) conditions.push(sql`o.integration_id = ${filter.integrationId}`);
  if (filter.status !== undefined) conditions.push(sql`o.status = ${filter.status}`);
  const where = sql.join(conditions, sql` AND `);
  const counted = await sql<{ total: number }>`
    SELECT count(*)::int AS total FROM offers o JOIN integrations i ON i.id = o.integration_id
    WHERE ${where}`.execute(db);
  const { rows } = await sql<OfferRow>`
    ${SELECTED} WHERE ${where} ORDER BY o.id LIMIT ${page.limit} OFFSET ${page.offset}`.execute(db);
  return { rows, total: counted.rows[0]?.total ?? 0 };
}

export interface OfferLinkRow extends Pick<OfferRow, 'id' | 'external_id' | 'tracking_url' | 'edited_fields'> {
  readonly account_id: string;
  readonly base_url: string;
  readonly affiliate_id: string;
  readonly global_url_params: Readonly<Record<string, string>>;
  readonly message_id_field: MessageIdField;
  readonly click_id_field: IdField | null;
}

/** What an offer's links are built from; null when there is no such offer. */
export async function findOfferForLink(db: Database, offerId: bigint): Promise<OfferLinkRow | null> {
  const { rows } = await sql<OfferLinkRow>`
    SELECT o.id, o.external_id, o.tracking_url, o.edited_fields, i.account_id, i.base_url, i.affiliate_id,
      i.global_url_params, st.message_id_field, st.click_id_field
    FROM offers o
    JOIN integrations i ON i.id = o.integration_id
    JOIN integration_settings st ON st.integration_id = i.id AND st.version = i.settings_version
    WHERE o.id = ${offerId}`.execute(db);
  return rows[0] ?? null;
}
