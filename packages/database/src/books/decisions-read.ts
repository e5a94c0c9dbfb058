import { sql } from 'kysely';
import {
  locateLocalTime,
  readLookups,
  toPublicId,
  type AttributionMethod,
  type Click,
  type ClickField,
  type ConversionFacts,
  type IdField,
  type Lookup,
  type MessageField,
  type PostbackFacts,
  type SettingsVersion,
} from '@trackly-tune/domain';
import type { Tx } from '../connection/connection.js';
import { factsOfVersion, versionColumns, type VersionRow } from '../facts/read-version.js';
import { settingsKey } from '../integrations/settings-read.js';

export interface TrailDecision {
  readonly conversion_id: bigint;
  readonly no: number;
  readonly decided_at: Date;
  readonly cause: string;
  readonly rule_version: number;
  readonly settings_version: number;
  readonly fact_version: number;
  readonly method: AttributionMethod;
  readonly reason: string;
  readonly click_id: string | null;
  readonly message_id: string | null;
  readonly creative_id: string | null;
  readonly campaign_id: string | null;
  /** Everything that decided it, put together from where it stands. */
  readonly evidence: object;
}

interface DecisionRow extends Omit<TrailDecision, 'evidence'>, VersionRow {
  readonly integration_id: bigint;
  readonly is_postback: boolean;
  readonly counting: string | null;
  readonly claims_id: bigint | null;
  readonly claimed_by_id: bigint | null;
  readonly click_window_days: number | null;
  readonly lookups: string | null;
  readonly stored: object | null;
  readonly claimed_facts: PostbackFacts | null;
}

/** The postback that it claims, as it was when that was decided. */
const CLAIMED_FACTS = sql`(
  SELECT p.facts FROM conversion_versions p
  WHERE p.conversion_id = d.claims_id AND p.version = coalesce((
    SELECT (o->>'fact_version')::int FROM jsonb_array_elements(d.evidence->'decided_with') o
    WHERE o->>'id' = 'cnv_' || d.claims_id), 1))`;

async function readRows(tx: Tx, conversionId: bigint, limit: number): Promise<DecisionRow[]> {
  const { rows } = await sql<DecisionRow>`
    SELECT d.conversion_id, d.no, d.decided_at, d.cause, d.rule_version, d.settings_version, d.fact_version, d.method,
      d.reason, d.click_id, d.message_id, d.creative_id, d.campaign_id, d.counting, d.claims_id, d.claimed_by_id,
      d.click_window_days, d.lookups, d.evidence AS stored, ${CLAIMED_FACTS} AS claimed_facts, c.integration_id,
      c.postback_key IS NOT NULL AS is_postback, ${versionColumns('v', 'c')}
    FROM decisions d
    JOIN conversions c ON c.id = d.conversion_id
    JOIN conversion_versions v ON v.conversion_id = d.conversion_id AND v.version = d.fact_version
    WHERE d.conversion_id = ${conversionId} ORDER BY d.no DESC LIMIT ${limit}`.execute(tx);
  return rows;
}

type Field = ClickField | MessageField;

const valueInPostback = (facts: PostbackFacts | null, field: Field): string | null =>
  field === 'txn_id' || field === 'click_id' || field === 'message_id' ? (facts?.[field] ?? null) : null;

/** A row names its own fields; what else was looked up stood in the postback that it claims. */
function valueIn(row: DecisionRow, field: Field): string | null {
  const facts = factsOfVersion(row);
  if (row.is_postback) return valueInPostback(facts as PostbackFacts, field);
  const pulled = facts as ConversionFacts;
  if (field === 'ad_id') return pulled.ad_id;
  return pulled.ids[field as IdField] ?? valueInPostback(row.claimed_facts, field);
}

function convertedAt(row: DecisionRow, zone: string): Date {
  const facts = factsOfVersion(row);
  return row.is_postback
    ? new Date((facts as PostbackFacts).received_at)
    : locateLocalTime((facts as ConversionFacts).local_time, zone).at;
}

async function readClicks(tx: Tx, accountId: string, ids: readonly string[]): Promise<ReadonlyMap<string, Click>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<Click>`
    SELECT click_id AS "clickId", message_id AS "messageId", clicked_at AS "clickedAt", is_bot AS "isBot"
    FROM clicks WHERE account_id = ${accountId} AND click_id = ANY(${[...new Set(ids)]}::text[])`.execute(tx);
  return new Map(rows.map((click) => [click.clickId, click]));
}

/** The evidence as it is shown; what an earlier release stored is whole already. */
function evidenceOf(row: DecisionRow, lookups: readonly Lookup[]): object {
  if (row.lookups === null) return row.stored ?? {};
  const { rule_version, settings_version, fact_version, method, reason, click_window_days, counting } = row;
  return {
    ...{ rule_version, settings_version, fact_version, method, reason, lookups, click_window_days, counting },
    notes: [],
    local_time: 'exact',
    ...(row.claims_id === null ? {} : { claims: toPublicId('conversion', row.claims_id) }),
    ...(row.claimed_by_id === null ? {} : { claimed_by: toPublicId('conversion', row.claimed_by_id) }),
    message:
      row.message_id === null
        ? null
        : { message_id: row.message_id, creative_id: row.creative_id, campaign_id: row.campaign_id },
    ...row.stored,
  };
}

/** The newest decisions about a conversion, newest first, each with everything that decided it. */
export async function readDecisions(
  tx: Tx,
  of: { conversionId: bigint; accountId: string; settings: ReadonlyMap<string, SettingsVersion>; limit: number },
): Promise<TrailDecision[]> {
  const rows = await readRows(tx, of.conversionId, of.limit);
  const lookupsOf = (row: DecisionRow, clicks: ReadonlyMap<string, Click>): Lookup[] => {
    const zone = of.settings.get(settingsKey(row.integration_id, row.settings_version))?.timeZone ?? 'UTC';
    return readLookups(row.lookups ?? '', {
      valueOf: (field) => valueIn(row, field),
      clickOf: (clickId) => clicks.get(clickId) ?? null,
      convertedAt: convertedAt(row, zone),
    });
  };
  const sought = rows
    .flatMap((row) => lookupsOf(row, new Map()))
    .flatMap((one) => (one.pass === 1 ? [one.click_id] : []));
  const clicks = await readClicks(tx, of.accountId, sought);
  return rows.map((row) => ({
    conversion_id: row.conversion_id,
    no: row.no,
    decided_at: row.decided_at,
    cause: row.cause,
    rule_version: row.rule_version,
    settings_version: row.settings_version,
    fact_version: row.fact_version,
    method: row.method,
    reason: row.reason,
    click_id: row.click_id,
    message_id: row.message_id,
    creative_id: row.creative_id,
    campaign_id: row.campaign_id,
    evidence: evidenceOf(row, lookupsOf(row, clicks)),
  }));
}
