import { sql, type RawBuilder } from 'kysely';
import type { AttributionMethod, ConversionStatus, Counting } from '@trackly-tune/domain';
import type { Database } from '../connection/connection.js';
import { findEach } from '../connection/find-each.js';
import { joinOffer } from '../offers/join-offer.js';
import { joinDecision } from '../transactions/current-decision.js';
import { AD_ID, conditionsOf, type ConversionFilter } from './conversion-filter.js';
import { ALL, sourcesOf, type ListPage } from './conversion-sources.js';

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

/** Whose conversions are wanted. */
function integrationsOf({ accountId, integrationId }: ConversionFilter): RawBuilder<unknown> {
  const account = accountId === undefined ? sql`` : sql` AND account_id = ${accountId}`;
  const integration = integrationId === undefined ? sql`` : sql` AND id = ${integrationId}`;
  return sql`SELECT id, account_id FROM integrations WHERE true${account}${integration}`;
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
