import { sql } from 'kysely';
import {
  amountOfPostback,
  dayOf,
  isReversal,
  mergePostbacks,
  postbackTransactionKey,
  searchOfPostback,
  type PostbackFacts,
  type SaidByPostback,
} from '@trackly-tune/domain';
import type { Database, Tx } from '../connection/connection.js';
import { contentHash } from '../connection/content-hash.js';
import { findEach } from '../connection/find-each.js';
import { notParked, type ParkableItem } from '../parking/parked-items.js';
import { recordset } from '../connection/recordset.js';
import { ConcurrentChangeError } from '../connection/retry-transaction.js';
import { loadSettings, settingsOf } from '../integrations/settings-read.js';
import { addLookups } from '../transactions/add-lookups.js';
import { markDue } from '../transactions/mark-due.js';
import { transactionIdOf } from '../transactions/transaction-id.js';

interface WaitingRow {
  id: bigint;
  newest_id: bigint;
  integration_id: bigint;
  account_id: string;
  confirm_days: number;
  record_key: string;
  received_at: Date;
  said: SaidByPostback;
  settings_version: number;
  click_window_days: number;
  offer_key: string;
  currency: string;
}

/** One record with all its deliveries of this call. */
interface Admitted {
  readonly first: WaitingRow;
  facts: PostbackFacts;
}

interface Known {
  id: bigint;
  record_key: string;
  version: number;
  settings_version: number;
  facts: PostbackFacts;
}

export interface AdmittedPostbacks {
  readonly admitted: number;
  /** About how many came after the last of them and wait: the distance of their ids. */
  readonly behind: number;
}

const WAITING = sql`p.conversion_id IS NULL AND p.refused_code IS NULL AND ${notParked('postback', 'p.id')}`;

async function takeWaiting(tx: Tx, postbacksMax: number, only: readonly bigint[] | null): Promise<WaitingRow[]> {
  const wanted =
    only === null ? WAITING : sql`p.conversion_id IS NULL AND p.refused_code IS NULL AND p.id = ANY(${only}::bigint[])`;
  const { rows } = await sql<WaitingRow>`
    WITH taken AS (
      SELECT * FROM postbacks p WHERE ${wanted} ORDER BY p.id LIMIT ${postbacksMax} FOR UPDATE OF p SKIP LOCKED
    )
    SELECT t.id, (SELECT max(id) FROM postbacks WHERE conversion_id IS NULL AND refused_code IS NULL) AS newest_id,
      t.integration_id, i.account_id, i.postback_confirm_days AS confirm_days,
      encode(t.record_key, 'hex') AS record_key, t.received_at, t.said, t.settings_version, t.click_window_days,
      t.offer_key, t.currency
    FROM taken t JOIN integrations i ON i.id = t.integration_id ORDER BY t.id`.execute(tx);
  return rows;
}

function factsOf(row: WaitingRow): PostbackFacts {
  return {
    ...row.said,
    offer_id: row.offer_key,
    currency: row.currency,
    received_at: row.received_at.toISOString(),
  };
}

function byRecord(rows: readonly WaitingRow[]): Map<string, Admitted> {
  const records = new Map<string, Admitted>();
  for (const row of rows) {
    const record = records.get(row.record_key);
    if (record) record.facts = mergePostbacks(record.facts, factsOf(row));
    else records.set(row.record_key, { first: row, facts: factsOf(row) });
  }
  return records;
}

const transactionOf = ({ first, facts }: Admitted): string =>
  transactionIdOf(first.account_id, postbackTransactionKey(facts, first.record_key));

async function readKnown(tx: Tx, keys: readonly string[]): Promise<Map<string, Known>> {
  const { rows } = await sql<Known>`
    SELECT c.id, encode(c.postback_key, 'hex') AS record_key, c.version, c.settings_version, v.facts
    FROM unnest(${keys}::text[]) AS k(key)
    ${findEach('conversions', 'c', `c.postback_key = decode(k.key, 'hex')`)}
    ${findEach('conversion_versions', 'v', 'v.conversion_id = c.id AND v.version = c.version')}`.execute(tx);
  return new Map(rows.map((row) => [row.record_key, row]));
}

const VERSION_COLUMNS = `record_key text, hash text, facts jsonb, status conversion_status, day date, converted_at timestamptz`;
const RECORD_COLUMNS = `${VERSION_COLUMNS}, integration_id bigint, transaction_id uuid, settings_version smallint,
  click_window_days smallint, offer_id text, goal_id text, is_reversal boolean, amount_e5 bigint, currency text,
  confirm_days integer`;

/** Adds conversions that only a postback says so far. A reversal waits for no pulled row. */
async function insertNew(tx: Tx, records: readonly object[]): Promise<Map<string, bigint>> {
  if (records.length === 0) return new Map();
  const { rows } = await sql<{ id: bigint; record_key: string }>`
    WITH r AS MATERIALIZED (SELECT * FROM ${recordset(records, RECORD_COLUMNS)}),
    added AS (
      INSERT INTO conversions (integration_id, postback_key, transaction_id, settings_version, click_window_days,
        version, content_hash, observed_at, external_offer_id, goal_id, status, is_test, is_adjustment, payout_e5,
        currency, day, converted_at, confirm_by)
      SELECT integration_id, decode(record_key, 'hex'), transaction_id, settings_version, click_window_days, 1,
        decode(hash, 'hex'), converted_at, offer_id, goal_id, status, false, is_reversal, amount_e5, currency, day, converted_at,
        CASE WHEN is_reversal THEN NULL ELSE converted_at + confirm_days * interval '24 hours' END
      FROM r ORDER BY record_key
      RETURNING id, encode(postback_key, 'hex') AS record_key
    ), versions AS (
      INSERT INTO conversion_versions (conversion_id, version, observed_at, facts)
      SELECT a.id, 1, r.converted_at, r.facts FROM added a JOIN r USING (record_key) ORDER BY a.id
    )
    SELECT id, record_key FROM added`.execute(tx);
  return new Map(rows.map((row) => [row.record_key, row.id]));
}

/** A record that moved forward gets a version. Its transaction is locked, so nobody else changes it meanwhile. */
async function updateMoved(tx: Tx, records: readonly object[]): Promise<void> {
  if (records.length === 0) return;
  await sql`
    WITH r AS (SELECT * FROM ${recordset(records, `${VERSION_COLUMNS}, id bigint, version integer`)}),
    versions AS (
      INSERT INTO conversion_versions (conversion_id, version, observed_at, facts)
      SELECT id, version, clock_timestamp(), facts FROM r ORDER BY id
    )
    UPDATE conversions c SET version = r.version, content_hash = decode(r.hash, 'hex'), status = r.status,
      day = r.day, converted_at = r.converted_at
    FROM r WHERE c.id = r.id`.execute(tx);
}

/** The postbacks that `admitPostbacks` would take next. */
export async function nextPostbacks(db: Database, postbacksMax: number): Promise<ParkableItem[]> {
  const { rows } = await sql<ParkableItem>`
    SELECT p.id, i.account_id AS "accountId", p.integration_id AS "integrationId"
    FROM postbacks p LEFT JOIN integrations i ON i.id = p.integration_id
    WHERE ${WAITING} ORDER BY p.id LIMIT ${postbacksMax}`.execute(db);
  return rows;
}

/**
 * Turns stored postbacks into conversions of their transactions, which become due (law 5: in a later transaction, from
 * a durable mark). Any number of copies may do it at once. `only` takes those with these ids, parked or not.
 */
export async function admitPostbacks(
  tx: Tx,
  postbacksMax: number,
  only: readonly bigint[] | null = null,
): Promise<AdmittedPostbacks> {
  const waiting = await takeWaiting(tx, postbacksMax, only);
  const last = waiting.at(-1);
  if (last === undefined) return { admitted: 0, behind: 0 };
  const records = byRecord(waiting);
  const settings = await loadSettings(
    tx,
    waiting.map((row) => row.integration_id),
  );
  // Locks them as well: two deliveries of one record meet here.
  const due = [...records.values()].map((record) => ({
    integrationId: record.first.integration_id,
    transactionId: transactionOf(record),
    cause: 'postback' as const,
  }));
  await markDue(tx, due, { background: false });
  const known = await readKnown(tx, [...records.keys()]);
  const ids = new Map([...known].map(([key, { id }]) => [key, id]));
  const fresh: object[] = [];
  const moved: object[] = [];
  for (const [key, record] of records) {
    const { first } = record;
    const before = known.get(key);
    const facts = before ? mergePostbacks(before.facts, record.facts) : record.facts;
    const hash = contentHash(facts);
    // What a re-attribution has put under other settings stays under them.
    const settingsVersion = before?.settings_version ?? first.settings_version;
    const zone = settingsOf(settings, first.integration_id, settingsVersion).timeZone;
    const receivedAt = new Date(facts.received_at);
    const version = {
      record_key: key,
      hash,
      facts,
      status: facts.status,
      day: dayOf(receivedAt, zone),
      converted_at: receivedAt,
    };
    if (before) {
      if (contentHash(before.facts) !== hash) moved.push({ ...version, id: before.id, version: before.version + 1 });
      continue;
    }
    fresh.push({
      ...version,
      integration_id: first.integration_id,
      transaction_id: transactionOf(record),
      settings_version: first.settings_version,
      click_window_days: first.click_window_days,
      offer_id: facts.offer_id,
      goal_id: facts.goal_id,
      is_reversal: isReversal(facts.event),
      amount_e5: amountOfPostback(facts),
      currency: facts.currency,
      confirm_days: first.confirm_days,
    });
  }
  for (const [key, id] of await insertNew(tx, fresh)) ids.set(key, id);
  await updateMoved(tx, moved);
  await addLookups(
    tx,
    [...records.values()].map((record) => ({
      accountId: record.first.account_id,
      transactionId: transactionOf(record),
      search: searchOfPostback(record.facts),
    })),
  );
  const admitted = waiting.map((row) => ({
    id: row.id,
    integration_id: row.integration_id,
    conversion_id: ids.get(row.record_key),
  }));
  const { numAffectedRows } = await sql`
    UPDATE postbacks p SET conversion_id = r.conversion_id
    FROM ${recordset(admitted, 'id bigint, integration_id bigint, conversion_id bigint')}
    WHERE p.integration_id = r.integration_id AND p.id = r.id AND r.conversion_id IS NOT NULL`.execute(tx);
  if (numAffectedRows !== BigInt(waiting.length))
    throw new ConcurrentChangeError('Another copy took the same postbacks');
  return { admitted: waiting.length, behind: Number(last.newest_id - last.id) };
}
