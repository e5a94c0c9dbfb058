import { sql } from 'kysely';
import {
  isTestConversion,
  keepUnread,
  locateLocalTime,
  parseAmountE5,
  searchOfRow,
  transactionKey,
  type ConversionFacts,
  type SettingsVersion,
} from '@trackly-tune/domain';
import type { Tx } from '../connection/connection.js';
import { contentHash } from '../connection/content-hash.js';
import { keepUnreadable, type UnreadableRow } from './keep-unreadable.js';
import { noteUnimported } from '../offers/note-unimported.js';
import { confirmUnchanged, latestOpenRequest } from './open-requests.js';
import { recordset } from '../connection/recordset.js';
import { ConcurrentChangeError } from '../connection/retry-transaction.js';
import { loadSettings, settingsOf } from '../integrations/settings-read.js';
import { warnOfKept } from './warn-of-kept.js';
import { addLookups } from '../transactions/add-lookups.js';
import { markDue } from '../transactions/mark-due.js';
import { transactionIdOf } from '../transactions/transaction-id.js';
import { factsOfVersion, versionColumns, type VersionRow } from './read-version.js';
import { toVersionColumns, VERSION_NAMES, VERSION_TYPES } from './version-columns.js';

export interface ObservedPage {
  readonly integrationId: bigint;
  readonly accountId: string;
  readonly settingsVersion: number;
  readonly runId: bigint;
  /** When the request started, by PostgreSQL's clock (its own text, to the microsecond). */
  readonly observedAt: string;
  /** At most one row per `tune_event_id`. */
  readonly rows: readonly ConversionFacts[];
  readonly unreadable: readonly UnreadableRow[];
  /** True for a backfill: what it makes due is settled after live work. Default false. */
  readonly background?: boolean;
}

export interface StoredPage {
  readonly inserted: number;
  readonly updated: number;
  readonly unchanged: number;
}

interface Known {
  id: bigint;
  tune_event_id: string;
  content_hash: Buffer;
  version: number;
  superseded: boolean;
  settings_version: number;
  transaction_id: string;
  facts: ConversionFacts;
}

/** A row as it is going to be written. */
interface Written {
  facts: ConversionFacts;
  hash: string;
  settings: SettingsVersion;
  transactionId: string;
  known: Known | null;
}

/** The content hashes of the page's conversions as they are stored: most of a page did not change (law 6). */
async function readHashes(tx: Tx, page: ObservedPage): Promise<Map<string, string>> {
  const ids = page.rows.map((row) => row.tune_event_id);
  const { rows } = await sql<{ tune_event_id: string; hash: string }>`
    SELECT tune_event_id, encode(content_hash, 'hex') AS hash FROM conversions
    WHERE integration_id = ${page.integrationId} AND tune_event_id = ANY(${ids}::text[])`.execute(tx);
  return new Map(rows.map((row) => [row.tune_event_id, row.hash]));
}

async function readKnown(tx: Tx, page: ObservedPage, ids: readonly string[]): Promise<Map<string, Known>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<Omit<Known, 'facts'> & VersionRow>`
    SELECT c.id, c.tune_event_id, c.content_hash, c.version, c.settings_version, c.transaction_id,
           c.observed_at > ${page.observedAt}::timestamptz AS superseded, ${versionColumns('v', 'c')}
    FROM conversions c
    JOIN conversion_versions v ON v.conversion_id = c.id AND v.version = c.version
    WHERE c.integration_id = ${page.integrationId} AND c.tune_event_id = ANY(${ids}::text[])`.execute(tx);
  return new Map(rows.map((row) => [row.tune_event_id, { ...row, facts: factsOfVersion(row) as ConversionFacts }]));
}

/**
 * What a version says, and the columns of its conversion that follow from it. Assigned, not spread: an object with more
 * than thirty members that is copied by spreading becomes a dictionary, which cost a pull half of its own time.
 */
function recordOf({ facts, hash, settings }: Written) {
  return Object.assign(toVersionColumns(facts), {
    tune_event_id: facts.tune_event_id,
    hash,
    is_test: isTestConversion(facts),
    payout_e5: facts.payout === null ? null : parseAmountE5(facts.payout),
    day: facts.local_time.slice(0, 10),
    converted_at: locateLocalTime(facts.local_time, settings.timeZone).at,
  });
}

const COLUMNS = `${VERSION_TYPES}, tune_event_id text, hash text, is_test boolean, payout_e5 bigint, day date,
  converted_at timestamptz`;
const VERSION = sql.raw(VERSION_NAMES.join(', '));
const VERSION_OF_R = sql.raw(VERSION_NAMES.map((name) => `r.${name}`).join(', '));

async function insertNew(tx: Tx, page: ObservedPage, written: readonly Written[]): Promise<void> {
  if (written.length === 0) return;
  const records = written.map((row) =>
    Object.assign(recordOf(row), {
      transaction_id: row.transactionId,
      window_days: row.settings.clickWindowDays,
    }),
  );
  const { rows } = await sql<{ id: bigint }>`
    WITH r AS (
      SELECT r.*, coalesce(o.click_window_days, r.window_days) AS click_window_days
      FROM ${recordset(records, `${COLUMNS}, transaction_id uuid, window_days smallint`)}
      LEFT JOIN offers o ON o.integration_id = ${page.integrationId} AND o.external_id = r.offer_id
    ), added AS (
      INSERT INTO conversions (integration_id, tune_event_id, transaction_id, settings_version, click_window_days,
        version, content_hash, observed_at, external_offer_id, goal_id, status, is_test, is_adjustment, payout_e5,
        currency, day, converted_at)
      SELECT ${page.integrationId}, tune_event_id, transaction_id, ${page.settingsVersion}, click_window_days, 1,
        decode(hash, 'hex'), ${page.observedAt}::timestamptz, offer_id, goal_id, status, is_test,
        coalesce(is_adjustment, false), payout_e5, currency, day, converted_at
      FROM r ORDER BY tune_event_id COLLATE "C"
      ON CONFLICT (integration_id, tune_event_id) DO NOTHING
      RETURNING id, tune_event_id
    )
    INSERT INTO conversion_versions (conversion_id, version, observed_at, run_id, ${VERSION})
    SELECT added.id, 1, ${page.observedAt}::timestamptz, ${page.runId}, ${VERSION_OF_R}
    FROM added JOIN r USING (tune_event_id) ORDER BY added.id
    RETURNING conversion_id AS id`.execute(tx);
  if (rows.length !== written.length) throw new ConcurrentChangeError('Another writer added the same conversions');
}

async function updateChanged(tx: Tx, page: ObservedPage, written: readonly Written[]): Promise<void> {
  if (written.length === 0) return;
  const records = written.map((row) =>
    Object.assign(recordOf(row), {
      id: row.known?.id,
      expected_version: row.known?.version,
      expected_settings: row.known?.settings_version,
      superseded: row.known?.superseded,
    }),
  );
  const columns = `${COLUMNS}, id bigint, expected_version integer, expected_settings integer, superseded boolean`;
  // An observation that was requested before the current one is history, and changes nothing. One that was read under
  // settings which a re-attribution has replaced since is read again: its time and lookups depend on them.
  const { rows } = await sql<{ superseded: boolean; applied: boolean }>`
    WITH r AS (
      SELECT r.*, (SELECT max(v.version) + 1 FROM conversion_versions v WHERE v.conversion_id = r.id) AS new_version
      FROM ${recordset(records, columns)}
    ), kept AS (
      INSERT INTO conversion_versions (conversion_id, version, observed_at, run_id, ${VERSION})
      SELECT id, new_version, ${page.observedAt}::timestamptz, ${page.runId}, ${VERSION_OF_R}
      FROM r ORDER BY id
    ), changed AS (
      UPDATE conversions c SET version = r.new_version, content_hash = decode(r.hash, 'hex'),
        observed_at = ${page.observedAt}::timestamptz, external_offer_id = r.offer_id, goal_id = r.goal_id,
        status = r.status, is_test = r.is_test, is_adjustment = coalesce(r.is_adjustment, false), payout_e5 = r.payout_e5, currency = r.currency, day = r.day, converted_at = r.converted_at
      FROM r
      WHERE c.id = r.id AND NOT r.superseded AND c.version = r.expected_version
        AND c.settings_version = r.expected_settings
        AND c.observed_at <= ${page.observedAt}::timestamptz
      RETURNING c.id
    )
    SELECT r.superseded, changed.id IS NOT NULL AS applied FROM r LEFT JOIN changed ON changed.id = r.id`.execute(tx);
  if (rows.some((row) => !row.superseded && !row.applied)) {
    throw new ConcurrentChangeError('Another writer changed the same conversions');
  }
}

/**
 * Stores one page of a report: new conversions and changed ones get a version, what did not change is only read
 * (laws 1, 3, 6). Marks the transactions it touched as due. Throws ConcurrentChangeError when another writer was
 * faster; `inTransaction` then does the page again.
 */
export async function storePage(tx: Tx, page: ObservedPage): Promise<StoredPage> {
  await keepUnreadable(tx, page);
  await warnOfKept(tx, page);
  if (page.rows.length === 0) return { inserted: 0, updated: 0, unchanged: 0 };
  const openRequest = await latestOpenRequest(tx, page);
  const hashes = await readHashes(tx, page);
  const unchanged: { tuneEventId: string; hash: string }[] = [];
  // A row that says just what is stored is not looked at further; one with fields left out may still, see below.
  const rows = page.rows.filter((row) => {
    const hash = hashes.get(row.tune_event_id);
    if (hash === undefined || hash !== contentHash(row)) return true;
    unchanged.push({ tuneEventId: row.tune_event_id, hash });
    return false;
  });
  const confirm = async () => openRequest !== null && confirmUnchanged(tx, page, unchanged, openRequest);
  if (rows.length === 0) {
    await confirm();
    return { inserted: 0, updated: 0, unchanged: page.rows.length };
  }
  const ids = rows.map((row) => row.tune_event_id).filter((id) => hashes.has(id));
  const known = await readKnown(tx, page, ids);
  const settings = await loadSettings(tx, [page.integrationId]);
  const fresh: Written[] = [];
  const changed: Written[] = [];
  for (const row of rows) {
    const before = known.get(row.tune_event_id) ?? null;
    const facts = before ? keepUnread(row, before.facts) : row;
    const hash = contentHash(facts);
    if (before?.content_hash.toString('hex') === hash) {
      unchanged.push({ tuneEventId: row.tune_event_id, hash });
      continue;
    }
    (before ? changed : fresh).push({
      facts,
      hash,
      settings: settingsOf(settings, page.integrationId, before?.settings_version ?? page.settingsVersion),
      // A conversion stays in the transaction that it was first seen in.
      transactionId: before?.transaction_id ?? transactionIdOf(page.accountId, transactionKey(facts)),
      known: before,
    });
  }
  const written = [...fresh, ...changed];
  if (written.length > 0) {
    const { integrationId, background = false } = page;
    await markDue(
      tx,
      written.map(({ transactionId }) => ({ integrationId, transactionId, cause: 'pull' })),
      { background },
    );
    await insertNew(tx, page, fresh);
    await updateChanged(tx, page, changed);
    await addLookups(
      tx,
      written.map(({ transactionId, facts, settings: pinned }) => ({
        accountId: page.accountId,
        transactionId,
        search: searchOfRow(facts, pinned),
      })),
    );
    await noteUnimported(tx, { ...page, externalOfferIds: fresh.map((row) => row.facts.offer_id) });
  }
  await confirm();
  return { inserted: fresh.length, updated: changed.length, unchanged: page.rows.length - written.length };
}
