import { sql, type RawBuilder } from 'kysely';
import type { IdField, MessageIdField, OfferFieldRules, SettingsVersion } from '@trackly-tune/domain';
import type { LateChanges } from '../runs/changes-runs.js';
import type { Database } from '../connection/connection.js';

export type OfferSyncFrequency = 'hourly' | 'daily';
/** Where a setting comes from: a person, TUNE, or our default since TUNE did not say. */
export type SettingSource = 'given' | 'asked' | 'assumed';

/** An integration with its current settings and its schedules; everything but the token. */
export interface IntegrationRow {
  readonly id: bigint;
  readonly account_id: string;
  readonly name: string;
  readonly network_id: string;
  readonly affiliate_id: string;
  readonly base_url: string;
  readonly network_token_hint: string;
  readonly global_url_params: Readonly<Record<string, string>>;
  readonly offer_name_prefix: string;
  readonly auto_sync_offers: boolean;
  readonly offer_sync_frequency: OfferSyncFrequency;
  readonly postback_confirm_days: number;
  readonly auto_import_offers: boolean;
  /** The integration's own rules; the others follow the defaults. */
  readonly offer_field_rules: Readonly<Partial<OfferFieldRules>>;
  readonly conversion_sync_enabled: boolean;
  readonly time_zone_source: SettingSource;
  readonly currency_source: SettingSource;
  readonly settings_version: number;
  readonly message_id_field: MessageIdField;
  readonly click_id_field: IdField | null;
  readonly click_window_days: number;
  readonly time_zone: string;
  readonly default_currency: string;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly deleted_at: Date | null;
  /** The columns of a schedule are null where there is none. */
  readonly conversions_enabled: boolean | null;
  readonly conversions_next_at: Date | null;
  readonly conversions_last_succeeded_at: Date | null;
  readonly conversions_covered_through: Date | null;
  readonly offers_enabled: boolean | null;
  readonly offers_next_at: Date | null;
  readonly offers_last_succeeded_at: Date | null;
  readonly changes_enabled: boolean | null;
  readonly changes_next_at: Date | null;
  readonly changes_last_succeeded_at: Date | null;
  readonly late_changes: LateChanges;
  /** Of the last run of a kind of scheduled work that failed and has not succeeded since; null for none. */
  readonly last_error_code: string | null;
  readonly last_error_message: string | null;
  readonly last_error_at: Date | null;
}

export interface IntegrationFilter {
  readonly accountId?: string | undefined;
  readonly includeDeleted: boolean;
}

const SELECTED = sql`
  SELECT i.id, i.account_id, i.name, i.network_id, i.affiliate_id, i.base_url, i.network_token_hint,
    i.global_url_params, i.offer_name_prefix, i.auto_sync_offers, i.offer_sync_frequency, i.conversion_sync_enabled,
    i.postback_confirm_days,
    i.auto_import_offers, i.offer_field_rules,
    i.time_zone_source, i.currency_source, i.settings_version, st.message_id_field, st.click_id_field,
    st.click_window_days, st.time_zone, st.default_currency, i.created_at, i.updated_at, i.deleted_at,
    c.enabled AS conversions_enabled, c.next_at AS conversions_next_at,
    c.last_succeeded_at AS conversions_last_succeeded_at, c.covered_through AS conversions_covered_through,
    o.enabled AS offers_enabled, o.next_at AS offers_next_at, o.last_succeeded_at AS offers_last_succeeded_at,
    l.enabled AS changes_enabled, l.next_at AS changes_next_at, l.last_succeeded_at AS changes_last_succeeded_at,
    coalesce(t.late_changes, 'unknown') AS late_changes, e.error_code AS last_error_code,
    e.error_message AS last_error_message, e.finished_at AS last_error_at
  FROM integrations i
  JOIN integration_settings st ON st.integration_id = i.id AND st.version = i.settings_version
  LEFT JOIN sync_schedules c ON c.integration_id = i.id AND c.kind = 'conversions'
  LEFT JOIN sync_schedules o ON o.integration_id = i.id AND o.kind = 'offers'
  LEFT JOIN sync_schedules l ON l.integration_id = i.id AND l.kind = 'changes'
  LEFT JOIN network_traits t ON t.integration_id = i.id
  -- Of each kind of scheduled work the run that ended last: an error stands until that kind has succeeded again.
  LEFT JOIN LATERAL (
    SELECT r.* FROM (VALUES ('conversions'), ('offers'), ('changes')) k (kind)
    CROSS JOIN LATERAL (
      SELECT status, error_code, error_message, finished_at FROM sync_runs
      WHERE integration_id = i.id AND kind = k.kind AND status IN ('succeeded', 'failed')
      ORDER BY finished_at DESC LIMIT 1) r
    WHERE r.status = 'failed' ORDER BY r.finished_at DESC LIMIT 1
  ) e ON true`;

/** One integration, deleted ones included; null when there is none with this id. */
export async function findIntegration(db: Database, integrationId: bigint): Promise<IntegrationRow | null> {
  const { rows } = await sql<IntegrationRow>`${SELECTED} WHERE i.id = ${integrationId}`.execute(db);
  return rows[0] ?? null;
}

function conditionOf(filter: IntegrationFilter): RawBuilder<unknown> {
  const account = filter.accountId === undefined ? sql`true` : sql`i.account_id = ${filter.accountId}`;
  return filter.includeDeleted ? account : sql`${account} AND i.deleted_at IS NULL`;
}

/** A page of integrations in the order in which they were made, and how many there are in all. */
export async function listIntegrations(
  db: Database,
  filter: IntegrationFilter,
  page: { limit: number; offset: number },
): Promise<{ rows: IntegrationRow[]; total: number }> {
  const condition = conditionOf(filter);
  const { rows } = await sql<IntegrationRow>`
    ${SELECTED} WHERE ${condition} ORDER BY i.id LIMIT ${page.limit} OFFSET ${page.offset}`.execute(db);
  const counted = await sql<{ total: number }>`
    SELECT count(*)::int AS total FROM integrations i WHERE ${condition}`.execute(db);
  return { rows, total: counted.rows[0]?.total ?? 0 };
}

/** Who holds the place of an account's affiliate in a network; deleted ones hold it too. */
export async function findByIdentity(
  db: Database,
  identity: { accountId: string; networkId: string; affiliateId: string },
): Promise<{ id: bigint; deleted: boolean } | null> {
  const row = await db
    .selectFrom('integrations')
    .select(['id', 'deleted_at'])
    .where('account_id', '=', identity.accountId)
    .where('network_id', '=', identity.networkId)
    .where('affiliate_id', '=', identity.affiliateId)
    .executeTakeFirst();
  return row === undefined ? null : { id: row.id, deleted: row.deleted_at !== null };
}

/** The sealed token, to be opened only to be sent to TUNE (law 12). Null when there is no such integration. */
export async function readSealedToken(db: Database, integrationId: bigint): Promise<string | null> {
  const row = await db
    .selectFrom('integrations')
    .select('network_token_sealed')
    .where('id', '=', integrationId)
    .executeTakeFirst();
  return row?.network_token_sealed ?? null;
}

/** The settings of a row as the rest of the product names them. */
export function settingsOfRow(row: IntegrationRow): SettingsVersion {
  return {
    version: row.settings_version,
    messageIdField: row.message_id_field,
    clickIdField: row.click_id_field,
    clickWindowDays: row.click_window_days,
    timeZone: row.time_zone,
    defaultCurrency: row.default_currency,
  };
}
