import { sql, type RawBuilder } from 'kysely';
import {
  addDays,
  daysBetween,
  toPublicId,
  type AttributionMethod,
  type ConversionStatus,
  type Counting,
} from '@trackly-tune/domain';
import type { Database } from '../connection/connection.js';
import { findEach } from '../connection/find-each.js';
import { joinOffer } from '../offers/join-offer.js';
import { joinDecision } from '../transactions/current-decision.js';

/** A conversion with its current facts and, once there is one, its current decision. */
export interface ConversionRow {
  readonly id: bigint;
  readonly integration_id: bigint;
  readonly account_id: string;
  /** Null for what only a postback says so far. */
  readonly tune_event_id: string | null;
  readonly ad_id: string | null;
  readonly goal_id: string | null;
  readonly external_offer_id: string;
  /** Our offer, resolved when read; null when it was never imported. */
  readonly offer_id: bigint | null;
  readonly status: ConversionStatus;
  readonly is_test: boolean;
  readonly is_adjustment: boolean;
  /** Null for a postback whose amount the pull has still to tell. */
  readonly payout_e5: bigint | null;
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
  /** Why it counts as it does; null while nothing is decided. */
  readonly counting: Counting | null;
  /** The postback that is the same conversion. */
  readonly claims_id: bigint | null;
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
const AD_ID = `coalesce(v.ad_id, v.facts->>'ad_id', v.facts->>'txn_id')`;

/** Conversions `c` of a source, with all that is shown of them. */
const selected = (source: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  SELECT c.id, c.integration_id, i.account_id, c.tune_event_id, ${sql.raw(AD_ID)} AS ad_id, c.goal_id,
    c.external_offer_id, o.id AS offer_id, c.status, c.is_test, c.is_adjustment, c.payout_e5, c.currency, c.day,
    c.converted_at, c.first_seen_at, c.observed_at, c.version, a.method, a.reason, a.click_id, a.message_id,
    a.creative_id, a.campaign_id, a.decided_at, a.counting, a.claims_id
  FROM ${source}
  JOIN integrations i ON i.id = c.integration_id
  ${findEach('conversion_versions', 'v', 'v.conversion_id = c.id AND v.version = c.version')}
  ${joinDecision('c.id')}
  ${joinOffer('c.integration_id', 'c.external_offer_id')}`;

function conditionsOf(filter: ConversionFilter): RawBuilder<unknown>[] {
  const conditions: RawBuilder<unknown>[] = [];
  if (filter.status !== undefined) conditions.push(sql`c.status = ${filter.status}`);
  if (filter.from !== undefined) conditions.push(sql`c.day >= ${filter.from}::date`);
  if (filter.to !== undefined) conditions.push(sql`c.day <= ${filter.to}::date`);
  if (filter.messageId !== undefined) {
    conditions.push(sql`c.id IN (SELECT conversion_id FROM decisions WHERE message_id = ${filter.messageId})`);
    conditions.push(sql`a.message_id = ${filter.messageId}`);
  }
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

/** What stands for a reason while there is no decision. */
const NOT_DECIDED = 'not_decided_yet';

/** Whose conversions are wanted. */
function integrationsOf({ accountId, integrationId }: ConversionFilter): RawBuilder<unknown> {
  const account = accountId === undefined ? sql`` : sql` AND account_id = ${accountId}`;
  const integration = integrationId === undefined ? sql`` : sql` AND id = ${integrationId}`;
  return sql`SELECT id, account_id FROM integrations WHERE true${account}${integration}`;
}

interface ListPage {
  /** Exclusive. */
  readonly after: bigint;
  /** Inclusive; default no bound. */
  readonly through?: bigint;
  readonly limit: number;
}

const ALL = sql`conversions c`;
/** What is not decided yet is due; decisions know nothing of it. */
const UNDECIDED = sql`due_transactions t
  ${findEach('conversions', 'c', 'c.transaction_id = t.transaction_id AND c.integration_id = t.integration_id')}`;

/** Those that a decision of this method was ever made for, by the index of such decisions; `a` says which hold still. */
function decidedBy(method: 'message_id' | 'none', { after, through }: ListPage): RawBuilder<unknown> {
  const end = through === undefined ? sql`` : sql` AND d.conversion_id <= ${through}`;
  return sql`(SELECT DISTINCT d.conversion_id AS id FROM decisions d
      WHERE d.integration_id = mine.id AND d.method = ${method} AND d.method <> 'click' AND d.conversion_id > ${after}${end}
      ORDER BY d.conversion_id OFFSET 0) decided
    ${findEach('conversions', 'c', 'c.id = decided.id')}`;
}

/** Those of transactions that look, or are named, like this: a click id or TUNE's own id of the transaction. */
const lookingFor = (id: string): RawBuilder<unknown> => sql`(
    SELECT hash_in_account(mine.account_id, ${`ad:${id}`}) AS id
    UNION SELECT l.transaction_id FROM transaction_lookups l
      WHERE l.key = hash_in_account(mine.account_id, ${`click:${id}`}) OFFSET 0) named
  ${findEach('conversions', 'c', 'c.transaction_id = named.id AND c.integration_id = mine.id')}`;

const withExternalId = (id: string): RawBuilder<unknown> => sql`(
    SELECT * FROM conversions WHERE integration_id = mine.id AND tune_event_id = ${id} OFFSET 0) c`;

/** Of few days. PostgreSQL takes days to be spread over all ids and would walk them from the first. */
const ofDays = (from: string, to: string, after: bigint): RawBuilder<unknown> => sql`(
    SELECT * FROM conversions WHERE integration_id = mine.id AND day >= ${from}::date AND day <= ${to}::date AND id > ${after}
    ORDER BY id OFFSET 0) c`;

/** Of more days most conversions are, and walking finds them soon. */
const FEW_DAYS = 93;

function fewDaysOf({ from, to }: ConversionFilter): { from: string; to: string } | null {
  if (from === undefined) return null;
  // Nothing has happened in a zone further ahead than tomorrow.
  const end = to ?? addDays(new Date().toISOString().slice(0, 10), 1);
  return daysBetween(from, end) <= FEW_DAYS ? { from, to: end } : null;
}

/** By which methods conversions with this reason can have been decided; null where most are. */
function methodsOf({ attribution, reason }: ConversionFilter): readonly ('message_id' | 'none')[] | null {
  if (attribution === 'click') return null;
  if (attribution !== undefined) return [attribution];
  return reason === undefined || reason.startsWith('click_by_') ? null : ['message_id', 'none'];
}

interface ListSource {
  readonly source: RawBuilder<unknown>;
  /** What its rows are in order by. */
  readonly order: RawBuilder<unknown>;
  readonly condition: RawBuilder<unknown>;
}

/** Where a list looks: by the index that finds the fewest. */
function sourcesOf(filter: ConversionFilter, page: ListPage): ListSource[] {
  const [order, condition] = [sql`c.id`, sql`true`];
  const { externalId, clickId, adId, reason, attribution } = filter;
  if (externalId !== undefined) return [{ source: withExternalId(externalId), order, condition }];
  const named = clickId ?? adId;
  if (named !== undefined) return [{ source: lookingFor(named), order, condition }];
  const undecided = { source: UNDECIDED, order, condition: sql`t.integration_id = mine.id AND a.no IS NULL` };
  if (reason === NOT_DECIDED) return [undecided];
  const methods = methodsOf(filter);
  if (methods === null) {
    const days = fewDaysOf(filter);
    if (days !== null) return [{ source: ofDays(days.from, days.to, page.after), order, condition }];
    return [{ source: ALL, order, condition: sql`c.integration_id = mine.id` }];
  }
  // Each row once, though it was decided by both.
  const decided = methods.map((method) => ({
    ...{ source: decidedBy(method, page), order: sql`decided.id` },
    condition: sql`a.method = ${method}`,
  }));
  return attribution === 'none' && reason === undefined ? [...decided, undecided] : decided;
}

/**
 * Conversions in the order in which they were first seen, behind `after`. One statement. A postback that a pulled row
 * claimed is that row's conversion, and not listed apart.
 */
export async function listConversions(
  db: Database,
  filter: ConversionFilter,
  page: ListPage,
): Promise<ConversionRow[]> {
  const through = page.through === undefined ? [] : [sql`c.id <= ${page.through}`];
  const conditions = [sql`c.id > ${page.after}`, ...through, sql`a.claimed_by_id IS NULL`, ...conditionsOf(filter)];
  const lists = sourcesOf(filter, page).map(
    ({ source, order, condition }) => sql`(${selected(source)}
      WHERE ${sql.join([condition, ...conditions], sql` AND `)} ORDER BY ${order} LIMIT ${page.limit})`,
  );
  // The next of each integration, by an index; a page is made of the first of all.
  const { rows } = await sql<ConversionRow>`
    SELECT l.* FROM (${integrationsOf(filter)}) mine CROSS JOIN LATERAL (${sql.join(lists, sql` UNION ALL `)}) l
    ORDER BY l.id LIMIT ${page.limit}`.execute(db);
  return rows;
}

/** One conversion, by the id of its pulled row or of the postback it claimed; null when there is none with this id. */
export async function findConversion(db: Database, conversionId: bigint): Promise<ConversionRow | null> {
  const { rows } = await sql<ConversionRow>`
    ${selected(ALL)} WHERE c.id = coalesce((SELECT claimed_by_id FROM decisions
      WHERE conversion_id = ${conversionId} ORDER BY no DESC LIMIT 1), ${conversionId})`.execute(db);
  return rows[0] ?? null;
}

/** The last conversion of all: what an export that starts now goes up to. */
export async function readLastConversionId(db: Database): Promise<bigint> {
  const { rows } = await sql<{ id: bigint | null }>`SELECT max(id) AS id FROM conversions`.execute(db);
  return rows[0]?.id ?? 0n;
}
