import { sql } from 'kysely';
import type {
  Booking,
  ConversionFacts,
  PostbackConversion,
  PostbackFacts,
  PulledConversion,
  SettingsVersion,
} from '@trackly-tune/domain';
import type { Database } from '../connection/connection.js';
import { findEach } from '../connection/find-each.js';
import { recordset } from '../connection/recordset.js';
import { factsOfVersion, versionColumns, type VersionRow } from '../facts/read-version.js';
import { loadSettings, settingsOf } from '../integrations/settings-read.js';
import { joinDecision } from './current-decision.js';
import type { TransactionName } from './transaction-id.js';

/** What is decided and booked for a conversion so far. */
export interface CurrentAttribution {
  readonly decisionNo: number;
  readonly factVersion: number;
  readonly evidenceHash: string;
  readonly entryNo: number;
  /** Null where nothing was ever booked: then it is worth nothing. */
  readonly booked: Booking | null;
}

/** A pulled row or a postback, as it is settled. */
export type LoadedRecord =
  ({ readonly source: 'pull' } & PulledConversion) | ({ readonly source: 'postback' } & PostbackConversion);

export interface LoadedConversion {
  readonly transactionId: string;
  readonly integrationId: bigint;
  readonly accountId: string;
  readonly convertedAt: Date;
  readonly record: LoadedRecord;
  readonly current: CurrentAttribution | null;
}

interface ConversionRow extends VersionRow {
  id: bigint;
  postback_key: string | null;
  transaction_id: string;
  integration_id: bigint;
  account_id: string;
  settings_version: number;
  click_window_days: number;
  version: number;
  converted_at: Date;
  decision_no: number | null;
  fact_version: number | null;
  evidence_hash: string | null;
  entry_no: number | null;
  message_id: string | null;
  creative_id: string | null;
  campaign_id: string | null;
  booked_offer_id: string;
  booked_day: string;
  booked_currency: string;
  revenue_e5: bigint;
  unconfirmed_e5: bigint;
  pending_e5: bigint;
  conversions: number;
}

function bookedOf(row: ConversionRow): Booking | null {
  if (row.entry_no === null) return null;
  return {
    place: {
      messageId: row.message_id,
      creativeId: row.creative_id,
      campaignId: row.campaign_id,
      externalOfferId: row.booked_offer_id,
      day: row.booked_day,
      currency: row.booked_currency,
    },
    worth: {
      revenue: row.revenue_e5,
      unconfirmed: row.unconfirmed_e5,
      pending: row.pending_e5,
      conversions: row.conversions,
    },
  };
}

function currentOf(row: ConversionRow): CurrentAttribution | null {
  if (row.decision_no === null || row.fact_version === null) return null;
  return {
    decisionNo: row.decision_no,
    factVersion: row.fact_version,
    evidenceHash: row.evidence_hash ?? '',
    entryNo: row.entry_no ?? 0,
    booked: bookedOf(row),
  };
}

function recordOf(row: ConversionRow, settings: SettingsVersion): LoadedRecord {
  const pinned = {
    conversionId: row.id,
    factVersion: row.version,
    settings,
    clickWindowDays: row.click_window_days,
  };
  return row.postback_key === null
    ? { source: 'pull', ...pinned, facts: factsOfVersion(row) as ConversionFacts }
    : { source: 'postback', ...pinned, key: row.postback_key, facts: factsOfVersion(row) as PostbackFacts };
}

/** What stands in the books for a conversion: its last place, and the sum of all its entries, since those of earlier
 * places cancel out. */
const BOOKED = sql.raw(`LEFT JOIN LATERAL (
    SELECT e.entry_no, e.message_id, e.creative_id, e.campaign_id, e.external_offer_id AS booked_offer_id,
      e.day AS booked_day, e.currency AS booked_currency, w.revenue_e5, w.unconfirmed_e5, w.pending_e5, w.conversions
    FROM (
      SELECT max(entry_no) AS last_no, sum(revenue_e5)::bigint AS revenue_e5,
        sum(unconfirmed_e5)::bigint AS unconfirmed_e5, sum(pending_e5)::bigint AS pending_e5,
        sum(conversions)::int AS conversions
      FROM ledger_entries WHERE conversion_id = c.id AND a.no IS NOT NULL
    ) w JOIN ledger_entries e ON e.conversion_id = c.id AND e.entry_no = w.last_no
  ) b ON true`);

const NAMES = 'integration_id bigint, transaction_id uuid';

/** The conversions of some transactions with their current facts, settings, decision and booking: one statement. */
export async function loadConversions(
  db: Database,
  transactions: readonly TransactionName[],
): Promise<LoadedConversion[]> {
  const names = transactions.map((name) => ({
    integration_id: name.integrationId,
    transaction_id: name.transactionId,
  }));
  const { rows } = await sql<ConversionRow>`
    SELECT c.id, encode(c.postback_key, 'hex') AS postback_key, c.transaction_id, c.integration_id, i.account_id,
      c.settings_version, c.click_window_days, c.version, c.converted_at, ${versionColumns('v', 'c')},
      a.no AS decision_no, a.fact_version, encode(a.evidence_hash, 'hex') AS evidence_hash, b.*
    FROM ${recordset(names, NAMES)}
    ${findEach('conversions', 'c', 'c.transaction_id = r.transaction_id')}
    ${findEach('conversion_versions', 'v', 'v.conversion_id = c.id AND v.version = c.version')}
    JOIN integrations i ON i.id = c.integration_id
    ${joinDecision('c.id')} ${BOOKED}
    WHERE c.integration_id = r.integration_id ORDER BY c.id`.execute(db);
  const settings = await loadSettings(
    db,
    rows.map((row) => row.integration_id),
  );
  return rows.map((row) => ({
    transactionId: row.transaction_id,
    integrationId: row.integration_id,
    accountId: row.account_id,
    convertedAt: row.converted_at,
    record: recordOf(row, settingsOf(settings, row.integration_id, row.settings_version)),
    current: currentOf(row),
  }));
}
