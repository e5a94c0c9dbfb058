import { sql, type RawBuilder } from 'kysely';
import { toPublicId, type AttributionMethod, type ConversionStatus } from '@trackly-tune/domain';
import type { Database } from '../connection/connection.js';

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
  /** The click that it is attributed by. */
  readonly clickId?: string | undefined;
  /** TUNE's transaction id. */
  readonly adId?: string | undefined;
  /** TUNE's own id of the conversion. */
  readonly externalId?: string | undefined;
  /** Why it went where it went; `not_decided_yet` while nothing is decided. */
  readonly reason?: string | undefined;
}

/** What conversions and the books know an offer by. */
export interface OfferKey {
  readonly accountId: string;
  readonly integrationId: bigint;
  /** The network's id, where there is one, and our own, under which its postbacks stand without one. */
  readonly keys: readonly string[];
}

/** Finds the key of one of our offers; null when there is no such offer. */
export async function findOfferKey(db: Database, offerId: bigint): Promise<OfferKey | null> {
  const row = await db
    .selectFrom('offers')
    .innerJoin('integrations', 'integrations.id', 'offers.integration_id')
    .select(['integrations.account_id', 'offers.integration_id', 'offers.external_id'])
    .where('offers.id', '=', offerId)
    .executeTakeFirst();
  if (row === undefined) return null;
  const keys = [...(row.external_id === null ? [] : [row.external_id]), toPublicId('offer', offerId)];
  return { accountId: row.account_id, integrationId: row.integration_id, keys };
}

/** What only a version says of the transaction: of a pulled row, of one that an earlier release stored, of a postback. */
export const AD_ID = `coalesce(v.ad_id, v.facts->>'ad_id', v.facts->>'txn_id')`;

/** What stands for a reason while there is no decision. */
export const NOT_DECIDED = 'not_decided_yet';

/** What holds for each row: of a conversion `c`, its current version `v` and decision `a`. */
export function conditionsOf(filter: ConversionFilter): RawBuilder<unknown>[] {
  const conditions: RawBuilder<unknown>[] = [];
  if (filter.status !== undefined) conditions.push(sql`c.status = ${filter.status}`);
  if (filter.from !== undefined) conditions.push(sql`c.day >= ${filter.from}::date`);
  if (filter.to !== undefined) conditions.push(sql`c.day <= ${filter.to}::date`);
  if (filter.messageId !== undefined) conditions.push(sql`a.message_id = ${filter.messageId}`);
  if (filter.clickId !== undefined) conditions.push(sql`a.click_id = ${filter.clickId}`);
  if (filter.adId !== undefined) conditions.push(sql`${sql.raw(AD_ID)} = ${filter.adId}`);
  if (filter.externalId !== undefined) conditions.push(sql`c.tune_event_id = ${filter.externalId}`);
  if (filter.reason === NOT_DECIDED) conditions.push(sql`a.no IS NULL`);
  else if (filter.reason !== undefined) conditions.push(sql`a.reason::text = ${filter.reason}`);
  if (filter.attribution === 'none') conditions.push(sql`(a.method IS NULL OR a.method = 'none')`);
  else if (filter.attribution !== undefined) conditions.push(sql`a.method = ${filter.attribution}`);
  if (filter.offer !== undefined) {
    conditions.push(sql`c.integration_id = ${filter.offer.integrationId}`);
    conditions.push(sql`c.external_offer_id = ANY(${filter.offer.keys}::text[])`);
  }
  return conditions;
}
