import { sql } from 'kysely';
import type { AttributionMethod, ConversionFacts, SettingsVersion } from '@trackly-tune/domain';
import type { Database, Transaction } from './connection.js';
import { findConversion, type ConversionRow } from './conversions-read.js';
import { loadSettings } from './settings-read.js';

/** One observation of a conversion that differed from the one before. */
export interface TrailVersion {
  readonly version: number;
  readonly observed_at: Date;
  readonly recorded_at: Date;
  readonly run_id: bigint | null;
  readonly facts: ConversionFacts;
}

export interface TrailDecision {
  readonly id: bigint;
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
  readonly evidence: unknown;
}

export interface TrailEntry {
  readonly entry_no: number;
  /** Null until the relay has numbered it. */
  readonly seq: bigint | null;
  /** When it was numbered; until then, when it was written. */
  readonly at: Date;
  readonly decision_id: bigint;
  readonly cause: string;
  readonly message_id: string | null;
  readonly creative_id: string | null;
  readonly campaign_id: string | null;
  readonly external_offer_id: string;
  readonly day: string;
  readonly currency: string;
  readonly revenue_e5: bigint;
  readonly unconfirmed_e5: bigint;
  readonly pending_e5: bigint;
  readonly conversions: number;
}

export interface TrailUnreadable {
  readonly reason: string;
  readonly observed_at: Date;
  readonly run_id: bigint | null;
  readonly raw: unknown;
}

export interface Trail {
  readonly conversion: ConversionRow;
  /** How long before the conversion a click may be, as pinned when it was first seen. */
  readonly clickWindowDays: number;
  readonly settings: ReadonlyMap<number, SettingsVersion>;
  readonly versions: readonly TrailVersion[];
  readonly decisions: readonly TrailDecision[];
  readonly entries: readonly TrailEntry[];
  readonly unreadable: readonly TrailUnreadable[];
  /** False when a list was longer than `rowsMax` and only its newest rows are here. */
  readonly complete: boolean;
}

async function readVersions(tx: Transaction, conversionId: bigint, limit: number): Promise<TrailVersion[]> {
  return (
    await sql<TrailVersion>`
      SELECT version, observed_at, recorded_at, run_id, facts FROM conversion_versions
      WHERE conversion_id = ${conversionId} ORDER BY version DESC LIMIT ${limit}`.execute(tx)
  ).rows;
}

async function readDecisions(tx: Transaction, conversionId: bigint, limit: number): Promise<TrailDecision[]> {
  return (
    await sql<TrailDecision>`
      SELECT id, no, decided_at, cause, rule_version, settings_version, fact_version, method, reason, click_id,
        message_id, creative_id, campaign_id, evidence
      FROM decisions WHERE conversion_id = ${conversionId} ORDER BY no DESC LIMIT ${limit}`.execute(tx)
  ).rows;
}

async function readEntries(tx: Transaction, conversionId: bigint, limit: number): Promise<TrailEntry[]> {
  return (
    await sql<TrailEntry>`
      SELECT e.entry_no, f.seq, coalesce(f.at, e.created_at) AS at, e.decision_id, e.cause, e.message_id,
        e.creative_id, e.campaign_id, e.external_offer_id, e.day, e.currency, e.revenue_e5, e.unconfirmed_e5,
        e.pending_e5, e.conversions
      FROM ledger_entries e LEFT JOIN ledger_feed f ON f.entry_id = e.id
      WHERE e.conversion_id = ${conversionId} ORDER BY e.entry_no DESC LIMIT ${limit}`.execute(tx)
  ).rows;
}

async function readUnreadable(tx: Transaction, conversion: ConversionRow, limit: number): Promise<TrailUnreadable[]> {
  return (
    await sql<TrailUnreadable>`
      SELECT reason, observed_at, run_id, raw FROM unreadable_rows
      WHERE integration_id = ${conversion.integration_id} AND tune_event_id = ${conversion.tune_event_id}
      ORDER BY id DESC LIMIT ${limit}`.execute(tx)
  ).rows;
}

async function readClickWindowDays(tx: Transaction, conversionId: bigint): Promise<number> {
  const row = await tx
    .selectFrom('conversions')
    .select('click_window_days')
    .where('id', '=', conversionId)
    .executeTakeFirstOrThrow();
  return row.click_window_days;
}

/**
 * Everything seen and decided about a conversion, oldest first, as of one moment; null when there is none with this
 * id. At most `rowsMax` rows per list, the newest ones.
 */
export async function readTrail(
  db: Database,
  conversionId: bigint,
  options: { rowsMax: number },
): Promise<Trail | null> {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (tx) => {
      const conversion = await findConversion(tx, conversionId);
      if (conversion === null) return null;
      const limit = options.rowsMax + 1;
      const settings = await loadSettings(tx, [conversion.integration_id]);
      const clickWindowDays = await readClickWindowDays(tx, conversionId);
      const versions = await readVersions(tx, conversionId, limit);
      const decisions = await readDecisions(tx, conversionId, limit);
      const entries = await readEntries(tx, conversionId, limit);
      const unreadable = await readUnreadable(tx, conversion, limit);
      const oldestFirst = <T>(rows: T[]): T[] => rows.slice(0, options.rowsMax).reverse();
      return {
        conversion,
        clickWindowDays,
        settings: new Map([...settings.values()].map((version) => [version.version, version])),
        versions: oldestFirst(versions),
        decisions: oldestFirst(decisions),
        entries: oldestFirst(entries),
        unreadable: oldestFirst(unreadable),
        complete: [versions, decisions, entries, unreadable].every((rows) => rows.length <= options.rowsMax),
      };
    });
}
