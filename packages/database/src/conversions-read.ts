import { sql, type RawBuilder } from 'kysely';
import type { AttributionMethod, ConversionStatus } from '@trackly-tune/domain';
import type { Database } from './connection.js';

/** A conversion with its current facts and, once there is one, its current decision. */
export interface ConversionRow {
  readonly id: bigint;
  readonly integration_id: bigint;
  readonly account_id: string;
  readonly tune_event_id: string;
  readonly ad_id: string | null;
  readonly goal_id: string | null;
  readonly external_offer_id: string;
  /** Our offer, resolved when read; null when it was never imported. */
  readonly offer_id: bigint | null;
  readonly status: ConversionStatus;
  readonly is_test: boolean;
  readonly is_adjustment: boolean;
  readonly payout_e5: bigint;
  readonly currency: string;
  readonly day: string;
  readonly converted_at: Date;
  readonly first_seen_at: Date;
  readonly observed_at: Date;
  readonly version: number;
  /** Null while nothing is decided; then the other columns of the decision are null too. */
  readonly method: AttributionMethod | null;
  readonly reason: string | null;
  readonly click_id: string | null;
  readonly message_id: string | null;
  readonly creative_id: string | null;
  readonly campaign_id: string | null;
  readonly decided_at: Date | null;
}

export interface ConversionFilter {
  readonly accountId?: string | undefined;
  readonly integrationId?: bigint | undefined;
  /** `none` also finds what is not decided yet. */
  readonly attribution?: AttributionMethod | undefined;
  readonly status?: ConversionStatus | undefined;
  /** Days of the conversion, both inclusive. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** The network's offer, within one integration (see `findOfferKey`). */
  readonly offer?: OfferKey | undefined;
  readonly messageId?: string | undefined;
}

/** What conversions and the books know an offer by. */
export interface OfferKey {
  readonly accountId: string;
  readonly integrationId: bigint;
  /** Null for an offer made by hand that stands for none of the network's: no conversion has it. */
  readonly externalId: string | null;
}

/** Finds the key of one of our offers; null when there is no such offer. */
export async function findOfferKey(db: Database, offerId: bigint): Promise<OfferKey | null> {
  const row = await db
    .selectFrom('offers')
    .innerJoin('integrations', 'integrations.id', 'offers.integration_id')
    .select(['integrations.account_id', 'offers.integration_id', 'offers.external_id'])
    .where('offers.id', '=', offerId)
    .executeTakeFirst();
  return row === undefined
    ? null
    : { accountId: row.account_id, integrationId: row.integration_id, externalId: row.external_id };
}

const SELECTED = sql`
  SELECT c.id, c.integration_id, c.account_id, c.tune_event_id, c.ad_id, c.goal_id, c.external_offer_id,
    o.id AS offer_id, c.status, c.is_test, c.is_adjustment, c.payout_e5, c.currency, c.day, c.converted_at,
    c.first_seen_at, c.observed_at, c.version, a.method, a.reason, a.click_id, a.message_id, a.creative_id,
    a.campaign_id, a.decided_at
  FROM conversions c
  LEFT JOIN attributions a ON a.conversion_id = c.id
  LEFT JOIN offers o ON o.integration_id = c.integration_id AND o.external_id = c.external_offer_id`;

function conditionsOf(filter: ConversionFilter): RawBuilder<unknown>[] {
  const conditions: RawBuilder<unknown>[] = [];
  if (filter.accountId !== undefined) conditions.push(sql`c.account_id = ${filter.accountId}`);
  if (filter.integrationId !== undefined) conditions.push(sql`c.integration_id = ${filter.integrationId}`);
  if (filter.status !== undefined) conditions.push(sql`c.status = ${filter.status}`);
  if (filter.from !== undefined) conditions.push(sql`c.day >= ${filter.from}::date`);
  if (filter.to !== undefined) conditions.push(sql`c.day <= ${filter.to}::date`);
  if (filter.messageId !== undefined) conditions.push(sql`a.message_id = ${filter.messageId}`);
  if (filter.attribution === 'none') conditions.push(sql`(a.method IS NULL OR a.method = 'none')`);
  else if (filter.attribution !== undefined) conditions.push(sql`a.method = ${filter.attribution}`);
  if (filter.offer !== undefined) {
    conditions.push(sql`c.integration_id = ${filter.offer.integrationId}`);
    // An equality with NULL is never true: an offer that the network does not know has no conversions.
    conditions.push(sql`c.external_offer_id = ${filter.offer.externalId}`);
  }
  return conditions;
}

/** Conversions in the order in which they were first seen, behind `after` (exclusive). One statement. */
export async function listConversions(
  db: Database,
  filter: ConversionFilter,
  page: { after: bigint; limit: number },
): Promise<ConversionRow[]> {
  const conditions = sql.join([sql`c.id > ${page.after}`, ...conditionsOf(filter)], sql` AND `);
  const { rows } = await sql<ConversionRow>`
    ${SELECTED} WHERE ${conditions} ORDER BY c.id LIMIT ${page.limit}`.execute(db);
  return rows;
}

/** One conversion; null when there is none with this id. */
export async function findConversion(db: Database, conversionId: bigint): Promise<ConversionRow | null> {
  const { rows } = await sql<ConversionRow>`${SELECTED} WHERE c.id = ${conversionId}`.execute(db);
  return rows[0] ?? null;
}
