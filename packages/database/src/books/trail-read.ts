import { sql } from 'kysely';
import {
  toPublicId,
  type ConversionFacts,
  type Counting,
  type PostbackFacts,
  type SettingsVersion,
} from '@trackly-tune/domain';
import type { Database, Tx } from '../connection/connection.js';
import { findConversion, type ConversionRow } from './conversions-read.js';
import { factsOfVersion, versionColumns, type VersionRow } from '../facts/read-version.js';
import { loadSettings } from '../integrations/settings-read.js';
import { joinDecision } from '../transactions/current-decision.js';
import { readDecisions, type TrailDecision } from './decisions-read.js';

/** One observation of a conversion that differed from the one before. */
export interface TrailVersion {
  readonly version: number;
  readonly observed_at: Date;
  readonly recorded_at: Date;
  readonly run_id: bigint | null;
  readonly facts: ConversionFacts | PostbackFacts;
}

export interface TrailEntry {
  readonly entry_no: number;
  /** Null until the relay has numbered it. */
  readonly seq: bigint | null;
  /** When it was numbered; until then, when it was written. */
  readonly at: Date;
  readonly conversion_id: bigint;
  readonly decision_no: number;
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

const VERSION = sql`v.conversion_id, v.version, v.observed_at, v.recorded_at, v.run_id, ${versionColumns('v', 'c')}`;

type StoredVersion = Omit<TrailVersion, 'facts'> & VersionRow & { readonly conversion_id: bigint };

const versionOf = (row: StoredVersion): SiblingVersion => ({
  conversion_id: row.conversion_id,
  version: row.version,
  observed_at: row.observed_at,
  recorded_at: row.recorded_at,
  run_id: row.run_id,
  facts: factsOfVersion(row),
});

async function readVersions(tx: Tx, conversionId: bigint, limit: number): Promise<TrailVersion[]> {
  const { rows } = await sql<StoredVersion>`
    SELECT ${VERSION} FROM conversion_versions v JOIN conversions c ON c.id = v.conversion_id
    WHERE v.conversion_id = ${conversionId} ORDER BY v.version DESC LIMIT ${limit}`.execute(tx);
  return rows.map(versionOf);
}

/** An entry's number is looked for in the runs that were numbered since it was written, else in all. */
const NUMBER = sql`
  SELECT f.first_seq + array_position(f.conversion_ids, e.conversion_id, n.start) - 1 AS seq, f.at
  FROM ledger_feed f CROSS JOIN LATERAL (
    SELECT min(position)::int AS start FROM unnest(f.conversion_ids, f.entry_nos) WITH ORDINALITY
      AS u (conversion_id, entry_no, position) WHERE u.conversion_id = e.conversion_id AND u.entry_no = e.entry_no
  ) n
  WHERE f.integration_id = e.integration_id AND n.start IS NOT NULL
    AND f.first_seq >= coalesce((SELECT min(first_seq) FROM ledger_feed
      WHERE at >= e.created_at - interval '1 hour'), 0)
  ORDER BY f.first_seq LIMIT 1`;

async function readEntries(tx: Tx, conversionId: bigint, limit: number): Promise<TrailEntry[]> {
  return (
    await sql<TrailEntry>`
      SELECT e.conversion_id, e.entry_no, f.seq, coalesce(f.at, e.created_at) AS at, e.decision_no, e.cause,
        e.message_id, e.creative_id, e.campaign_id, e.external_offer_id, e.day, e.currency, e.revenue_e5,
        e.unconfirmed_e5, e.pending_e5, e.conversions
      FROM ledger_entries e LEFT JOIN LATERAL (${NUMBER}) f ON true
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
      FROM conversions c ${joinDecision('c.id')}
      WHERE c.transaction_id = (SELECT transaction_id FROM conversions WHERE id = ${conversion.id})
        AND c.integration_id = ${conversion.integration_id}
        AND c.id NOT IN (${conversion.id}, ${conversion.claims_id ?? conversion.id})
      ORDER BY c.id DESC LIMIT ${limit}`.execute(tx)
  ).rows;
}

type SiblingVersion = TrailVersion & { readonly conversion_id: bigint };

/** The versions of all the other records by one statement, the newest ones where there are too many. */
async function readSiblingVersions(tx: Tx, siblings: readonly SiblingRow[], limit: number): Promise<SiblingVersion[]> {
  const ids = siblings.map(({ id }) => id);
  if (ids.length === 0) return [];
  const { rows } = await sql<StoredVersion>`
    SELECT ${VERSION} FROM conversion_versions v JOIN conversions c ON c.id = v.conversion_id
    WHERE v.conversion_id = ANY(${ids}::bigint[])
    ORDER BY v.recorded_at DESC, v.conversion_id DESC, v.version DESC LIMIT ${limit}`.execute(tx);
  return rows.map(versionOf);
}

async function readHistory(
  tx: Tx,
  of: { conversionId: bigint; accountId: string; settings: ReadonlyMap<string, SettingsVersion>; limit: number },
): Promise<History> {
  const { conversionId, limit } = of;
  return {
    versions: await readVersions(tx, conversionId, limit),
    decisions: await readDecisions(tx, of),
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
      const all = { accountId: conversion.account_id, settings, limit };
      const own = await readHistory(tx, { ...all, conversionId: id });
      const claimed = claimsId === null ? null : await readHistory(tx, { ...all, conversionId: claimsId });
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
