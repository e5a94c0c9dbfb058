import { sql } from 'kysely';
import type { SettingsVersion } from '@trackly-tune/domain';
import { joinDecision } from '../transactions/current-decision.js';
import { loadConversions, type LoadedConversion, type LoadedRecord } from '../transactions/load-conversions.js';
import type { Database } from '../connection/connection.js';
import { joinOffer } from '../offers/join-offer.js';
import { inReattribution, type ReattributionScope } from './reattribution-scope.js';
import { loadSettings, settingsOf } from '../integrations/settings-read.js';

/** A conversion under the settings that a re-attribution puts it under. */
export interface RepinnedConversion extends LoadedConversion {
  /** What it is pinned to so far. */
  readonly pinned: { readonly settingsVersion: number; readonly clickWindowDays: number };
  /** A postback that a pulled row claimed is that row's conversion, and not counted apart. */
  readonly isClaimed: boolean;
}

function repin(record: LoadedRecord, settings: SettingsVersion, clickWindowDays: number): LoadedRecord {
  return { ...record, settings, clickWindowDays };
}

/** The click window of today for those conversions of some transactions that are in scope: the offer's, else that of
 * the settings. */
async function readWindows(
  db: Database,
  scope: ReattributionScope,
  transactionIds: readonly string[],
): Promise<Map<bigint, { days: number; is_claimed: boolean }>> {
  const { rows } = await sql<{ id: bigint; days: number; is_claimed: boolean }>`
    SELECT c.id, coalesce(o.click_window_days, s.click_window_days) AS days, a.claimed_by_id IS NOT NULL AS is_claimed
    FROM conversions c
    ${joinDecision('c.id')}
    JOIN integration_settings s ON s.integration_id = c.integration_id AND s.version = ${scope.settingsVersion}
    ${joinOffer('c.integration_id', 'c.external_offer_id')}
    WHERE c.transaction_id = ANY(${transactionIds}::uuid[]) AND ${inReattribution(scope)}`.execute(db);
  return new Map(rows.map((row) => [row.id, row]));
}

/**
 * Every conversion of some transactions as it stands, and as a re-attribution makes it: those in scope under its
 * settings and today's click window, the others as they are.
 */
export async function loadRepinned(
  db: Database,
  scope: ReattributionScope,
  transactionIds: readonly string[],
): Promise<{ before: LoadedConversion[]; after: LoadedConversion[]; repinned: RepinnedConversion[] }> {
  const { integrationId } = scope;
  const before = await loadConversions(
    db,
    transactionIds.map((transactionId) => ({ integrationId, transactionId })),
  );
  const windows = await readWindows(db, scope, transactionIds);
  const settings = settingsOf(
    await loadSettings(db, [scope.integrationId]),
    scope.integrationId,
    scope.settingsVersion,
  );
  const repinned: RepinnedConversion[] = [];
  const after = before.map((conversion) => {
    const { record } = conversion;
    const window = windows.get(record.conversionId);
    if (window === undefined) return conversion;
    const pinned = { settingsVersion: record.settings.version, clickWindowDays: record.clickWindowDays };
    const moved = {
      ...conversion,
      record: repin(record, settings, window.days),
      pinned,
      isClaimed: window.is_claimed,
    };
    repinned.push(moved);
    return moved;
  });
  return { before, after, repinned };
}
