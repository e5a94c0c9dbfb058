import { sql } from 'kysely';
import {
  toPublicId,
  type AttributionMethod,
  type ConversionFacts,
  type Counting,
  type PostbackFacts,
  type SettingsVersion,
} from '@trackly-tune/domain';
import type { Database, Tx } from '../connection/connection.js';
import { findConversion, type ConversionRow } from './conversions-read.js';
import { loadSettings } from '../integrations/settings-read.js';

/** One observation of a conversion that differed from the one before. */
export interface TrailVersion {
  readonly version: number;
  readonly observed_at: Date;
  readonly recorded_at: Date;
  readonly run_id: bigint | null;
  readonly facts: ConversionFacts | PostbackFacts;
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

/** Everything seen, decided and booked of one record. */
interface History {
  readonly versions: readonly TrailVersion[];
  readonly decisions: readonly TrailDecision[];
  readonly entries: readonly TrailEntry[];
}

/** The postback that a pulled row claimed: the same conversion, with what was booked for it before. */
export interface TrailPostback extends History {
  readonly id: bigint;
  /** Its identity, in hex: what breaks ties when rows claim postbacks. */
  readonly record_key: string;
}

/** Another record of the same transaction, which the decision was made together with. */
export interface TrailSibling {
  readonly id: bigint;
  readonly source: 'pull' | 'postback';
  readonly counting: Counting | null;
  /** Of postbacks only. */
  readonly record_key: string | null;
  readonly claims_id: bigint | null;
  readonly claimed_by_id: bigint | null;
  readonly versions: readonly TrailVersion[];
}

export interface Trail extends History {
  readonly conversion: ConversionRow;
  /** Its identity where only a postback says it. */
  readonly recordKey: string | null;
  /** How long before the conversion a click may be, as pinned when it was first seen. */
  readonly clickWindowDays: number;
  readonly settings: ReadonlyMap<number, SettingsVersion>;
  readonly postback: TrailPostback | null;
  readonly siblings: readonly TrailSibling[];
  readonly unreadable: readonly TrailUnreadable[];
  /** False when a list was longer than `rowsMax` and only its newest rows are here. */
  readonly complete: boolean;
}

async function readVersions(tx: Tx, conversionId: bigint, limit: number): Promise<TrailVersion[]> {
  return (
    await sql<TrailVersion>`
      SELECT version, observed_at, recorded_at, run_id, facts FROM conversion_versions
      WHERE conversion_id = ${conversionId} ORDER BY version DESC LIMIT ${limit}`.execute(tx)
  ).rows;
}

async function readDecisions(tx: Tx, conversionId: bigint, limit: number): Promise<TrailDecision[]> {
  return (
    await sql<TrailDecision>`
      SELECT id, no, decided_at, cause, rule_version, settings_version, fact_version, method, reason, click_id,
        message_id, creative_id, campaign_id, evidence
      FROM decisions WHERE conversion_id = ${conversionId} ORDER BY no DESC LIMIT ${limit}`.execute(tx)
  ).rows;
}

async function readEntries(tx: Tx, conversionId: bigint, limit: number): Promise<TrailEntry[]> {
  return (
    await sql<TrailEntry>`
      SELECT e.entry_no, f.seq, coalesce(f.at, e.created_at) AS at, e.decision_id, e.cause, e.message_id,
        e.creative_id, e.campaign_id, e.external_offer_id, e.day, e.currency, e.revenue_e5, e.unconfirmed_e5,
        e.pending_e5, e.conversions
      FROM ledger_entries e LEFT JOIN ledger_feed f ON f.entry_id = e.id
      WHERE e.conversion_id = ${conversionId} ORDER BY e.entry_no DESC LIMIT ${limit}`.execute(tx)
  ).rows;
}

async function readUnreadable(tx: Tx, conversion: ConversionRow, limit: number): Promise<TrailUnreadable[]> {
  return (
    await sql<TrailUnreadable>`
      SELECT reason, observed_at, run_id, raw FROM unreadable_rows
      WHERE integration_id = ${conversion.integration_id} AND tune_event_id = ${conversion.tune_event_id}
      ORDER BY id DESC LIMIT ${limit}`.execute(tx)
  ).rows;
}

interface RecordRow {
  readonly click_window_days: number;
  readonly record_key: string | null;
}

async function readRecord(tx: Tx, conversionId: bigint): Promise<RecordRow> {
  const { rows } = await sql<RecordRow>`
    SELECT click_window_days, encode(postback_key, 'hex') AS record_key FROM conversions
    WHERE id = ${conversionId}`.execute(tx);
  const [row] = rows;
  if (!row) throw new Error(`The conversion ${toPublicId('conversion', conversionId)} is gone`);
  return row;
}

type SiblingRow = Omit<TrailSibling, 'versions'>;

async function readSiblings(tx: Tx, conversion: ConversionRow, limit: number): Promise<SiblingRow[]> {
  return (
    await sql<SiblingRow>`
      SELECT c.id, CASE WHEN c.postback_key IS NULL THEN 'pull' ELSE 'postback' END AS source, a.counting,
        encode(c.postback_key, 'hex') AS record_key, a.claims_id, a.claimed_by_id
      FROM conversions c LEFT JOIN attributions a ON a.conversion_id = c.id
      WHERE c.transaction_id = (SELECT transaction_id FROM conversions WHERE id = ${conversion.id})
        AND c.id NOT IN (${conversion.id}, ${conversion.claims_id ?? conversion.id})
      ORDER BY c.id DESC LIMIT ${limit}`.execute(tx)
  ).rows;
}

type SiblingVersion = TrailVersion & { readonly conversion_id: bigint };

/** The versions of all the other records by one statement, the newest ones where there are too many. */
async function readSiblingVersions(tx: Tx, siblings: readonly SiblingRow[], limit: number): Promise<SiblingVersion[]> {
  const ids = siblings.map(({ id }) => id);
  if (ids.length === 0) return [];
  return (
    await sql<SiblingVersion>`
      SELECT conversion_id, version, observed_at, recorded_at, run_id, facts FROM conversion_versions
      WHERE conversion_id = ANY(${ids}::bigint[])
      ORDER BY recorded_at DESC, conversion_id DESC, version DESC LIMIT ${limit}`.execute(tx)
  ).rows;
}

async function readHistory(tx: Tx, conversionId: bigint, limit: number): Promise<History> {
  return {
    versions: await readVersions(tx, conversionId, limit),
    decisions: await readDecisions(tx, conversionId, limit),
    entries: await readEntries(tx, conversionId, limit),
  };
}

/** The newest `rowsMax` rows of each list, oldest first. */
function oldestFirst<T>(rows: readonly T[], rowsMax: number): T[] {
  return rows.slice(0, rowsMax).reverse();
}

function historyOf(history: History, rowsMax: number): History {
  return {
    versions: oldestFirst(history.versions, rowsMax),
    decisions: oldestFirst(history.decisions, rowsMax),
    entries: oldestFirst(history.entries, rowsMax),
  };
}

/**
 * Everything seen and decided about a conversion, oldest first, as of one moment; null when there is none with this
 * id. A postback's id shows the conversion that claimed it. At most `rowsMax` rows per list, the newest ones.
 */
export async function readTrail(
  db: Database,
  conversionId: bigint,
  options: { rowsMax: number },
): Promise<Trail | null> {
  const { rowsMax } = options;
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (tx) => {
      const conversion = await findConversion(tx, conversionId);
      if (conversion === null) return null;
      const { id, claims_id: claimsId } = conversion;
      const limit = rowsMax + 1;
      const settings = await loadSettings(tx, [conversion.integration_id]);
      const record = await readRecord(tx, id);
      const claimedKey = claimsId === null ? null : (await readRecord(tx, claimsId)).record_key;
      const own = await readHistory(tx, id, limit);
      const claimed = claimsId === null ? null : await readHistory(tx, claimsId, limit);
      const siblings = await readSiblings(tx, conversion, limit);
      const siblingVersions = await readSiblingVersions(tx, siblings, limit);
      const unreadable = await readUnreadable(tx, conversion, limit);
      const histories = claimed === null ? [own] : [own, claimed];
      const lists = [
        ...histories.flatMap(({ versions, decisions, entries }) => [versions, decisions, entries]),
        siblings,
        siblingVersions,
        unreadable,
      ];
      return {
        conversion,
        clickWindowDays: record.click_window_days,
        recordKey: record.record_key,
        settings: new Map([...settings.values()].map((version) => [version.version, version])),
        ...historyOf(own, rowsMax),
        postback:
          claimsId === null || claimed === null
            ? null
            : { id: claimsId, record_key: claimedKey ?? '', ...historyOf(claimed, rowsMax) },
        siblings: oldestFirst(siblings, rowsMax).map((sibling) => ({
          ...sibling,
          versions: oldestFirst(siblingVersions, rowsMax).filter((row) => row.conversion_id === sibling.id),
        })),
        unreadable: oldestFirst(unreadable, rowsMax),
        complete: lists.every((rows) => rows.length <= rowsMax),
      };
    });
}
