import { sql } from 'kysely';
import type { OfferFieldRules, SettingsVersion } from '@trackly-tune/domain';
import type { Database, Tx } from '../connection/connection.js';
import {
  findIntegration,
  type IntegrationRow,
  type OfferSyncFrequency,
  type SettingSource,
} from './integrations-read.js';

/** What of an integration itself may change; what decides conversions stands in versioned settings instead. */
export interface IntegrationFields {
  readonly name: string;
  readonly base_url: string;
  readonly network_token_sealed: string;
  readonly network_token_hint: string;
  readonly global_url_params: Readonly<Record<string, string>>;
  readonly offer_name_prefix: string;
  readonly auto_sync_offers: boolean;
  readonly offer_sync_frequency: OfferSyncFrequency;
  /** How long a postback may wait for its pulled row before that is reported. */
  readonly postback_confirm_days: number;
  readonly auto_import_offers: boolean;
  readonly offer_field_rules: Readonly<Partial<OfferFieldRules>>;
  readonly conversion_sync_enabled: boolean;
  readonly time_zone_source: SettingSource;
  readonly currency_source: SettingSource;
}

export interface NewIntegration {
  readonly id: bigint;
  readonly accountId: string;
  readonly networkId: string;
  readonly affiliateId: string;
  readonly fields: IntegrationFields;
  readonly settings: Omit<SettingsVersion, 'version'>;
}

/** Takes the id of an integration to come: its token is sealed for this row before the row is there. */
export async function takeIntegrationId(db: Database): Promise<bigint> {
  const { rows } = await sql<{ id: bigint }>`
    SELECT nextval(pg_get_serial_sequence('integrations', 'id')) AS id`.execute(db);
  const id = rows[0]?.id;
  if (id === undefined) throw new Error('The sequence of integrations gave no number');
  return id;
}

/**
 * Stores an integration with version 1 of its settings. False when the account has this affiliate of this network
 * already, deleted or not: it would count the same money twice. Of two equal creations at once the second waits.
 */
export async function insertIntegration(tx: Tx, integration: NewIntegration): Promise<boolean> {
  const { id, fields, settings } = integration;
  const added = await tx
    .insertInto('integrations')
    .values({
      ...fields,
      id,
      account_id: integration.accountId,
      network_id: integration.networkId,
      affiliate_id: integration.affiliateId,
      global_url_params: JSON.stringify(fields.global_url_params),
      offer_field_rules: JSON.stringify(fields.offer_field_rules),
    })
    .onConflict((conflict) => conflict.constraint('integrations_identity').doNothing())
    .returning('id')
    .executeTakeFirst();
  if (added === undefined) return false;
  await insertSettings(tx, id, { ...settings, version: 1 });
  return true;
}

async function insertSettings(tx: Tx, integrationId: bigint, settings: SettingsVersion): Promise<void> {
  await tx
    .insertInto('integration_settings')
    .values({
      integration_id: integrationId,
      version: settings.version,
      message_id_field: settings.messageIdField,
      click_id_field: settings.clickIdField,
      click_window_days: settings.clickWindowDays,
      time_zone: settings.timeZone,
      default_currency: settings.defaultCurrency,
    })
    .execute();
}

/** Locks an integration against other changes of it (not against new runs and facts) and reads it. */
export async function lockIntegration(tx: Tx, integrationId: bigint): Promise<IntegrationRow | null> {
  // Two statements: a joined read that waits for the lock would look for the settings of before.
  await sql`SELECT 1 FROM integrations WHERE id = ${integrationId} FOR NO KEY UPDATE`.execute(tx);
  return findIntegration(tx, integrationId);
}

/** Changes fields of a locked integration. */
export async function updateIntegration(
  tx: Tx,
  integrationId: bigint,
  fields: Partial<IntegrationFields>,
): Promise<void> {
  const { global_url_params: params, offer_field_rules: rules, ...rest } = fields;
  await tx
    .updateTable('integrations')
    .set({
      ...rest,
      ...(params === undefined ? {} : { global_url_params: JSON.stringify(params) }),
      ...(rules === undefined ? {} : { offer_field_rules: JSON.stringify(rules) }),
      updated_at: sql<Date>`now()`,
    })
    .where('id', '=', integrationId)
    .execute();
}

/** Puts a new version of the settings in force, for conversions first seen from now on. The old ones stay. */
export async function addSettingsVersion(tx: Tx, integrationId: bigint, settings: SettingsVersion): Promise<void> {
  await insertSettings(tx, integrationId, settings);
  await tx
    .updateTable('integrations')
    .set({ settings_version: settings.version, updated_at: sql<Date>`now()` })
    .where('id', '=', integrationId)
    .execute();
}

/** Marks a locked integration as deleted, or takes the mark away. The books and facts stay as they are. */
export async function markDeleted(tx: Tx, integrationId: bigint, deleted: boolean): Promise<void> {
  await sql`
    UPDATE integrations SET deleted_at = ${deleted ? sql`now()` : sql`NULL`}, updated_at = now()
    WHERE id = ${integrationId}`.execute(tx);
}
