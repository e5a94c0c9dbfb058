import { toPublicId, type IdField, type MessageIdField, type SettingsVersion } from '@trackly-tune/domain';
import type { Database } from '../connection/connection.js';

/** Every settings version of some integrations, by integration and version. There are few of them. */
export async function loadSettings(
  db: Database,
  integrationIds: readonly bigint[],
): Promise<ReadonlyMap<string, SettingsVersion>> {
  if (integrationIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('integration_settings')
    .selectAll()
    .where('integration_id', 'in', [...new Set(integrationIds)])
    .execute();
  return new Map(
    rows.map((row) => [
      settingsKey(row.integration_id, row.version),
      {
        version: row.version,
        messageIdField: row.message_id_field as MessageIdField,
        clickIdField: row.click_id_field as IdField | null,
        clickWindowDays: row.click_window_days,
        timeZone: row.time_zone,
        defaultCurrency: row.default_currency,
      },
    ]),
  );
}

export function settingsKey(integrationId: bigint, version: number): string {
  return `${integrationId}/${version}`;
}

/** The version of a map made by `loadSettings`; it must exist, since rows refer to it. */
export function settingsOf(
  settings: ReadonlyMap<string, SettingsVersion>,
  integrationId: bigint,
  version: number,
): SettingsVersion {
  const found = settings.get(settingsKey(integrationId, version));
  if (!found) throw new Error(`Settings version ${version} of ${toPublicId('integration', integrationId)} is missing`);
  return found;
}
