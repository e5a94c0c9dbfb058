import { sql } from 'kysely';
import type { IdField, MessageIdField, SettingsVersion } from '@trackly-tune/domain';
import type { Database, Tx } from '../connection/connection.js';
import { OPEN_SLICE } from './open-slice.js';

/** A piece of a sync run, with all that is needed to work on it. */
export interface DueSlice {
  readonly id: bigint;
  readonly runId: bigint;
  readonly kind: string;
  /** Lower goes first; see SLICE_PRIORITY. */
  readonly priority: number;
  readonly integrationId: bigint;
  readonly accountId: string;
  readonly networkId: string;
  readonly affiliateId: string;
  readonly networkTokenSealed: string;
  readonly settings: SettingsVersion;
  /** Local text of the network, `YYYY-MM-DD hh:mm:ss`, both inclusive; null for work without a window. */
  readonly windowFrom: string | null;
  readonly windowTo: string | null;
  /** The day that this slice is a part of; null for longer windows. */
  readonly day: string | null;
  readonly nextPage: number;
  /** How often its report is being read from the first page, this time included; from 1. */
  readonly reading: number;
  /** The highest count that the pages of this reading named; null where none did. */
  readonly promised: number | null;
  readonly attempts: number;
  readonly refusedFields: readonly string[];
  readonly severalCurrencies: boolean;
  /** Why the run is to end here, before anything more is asked. */
  readonly stop: 'cancel_requested' | 'integration_deleted' | null;
}

interface SliceRow {
  id: bigint;
  run_id: bigint;
  kind: string;
  priority: number;
  integration_id: bigint;
  account_id: string;
  network_id: string;
  affiliate_id: string;
  network_token_sealed: string;
  version: number;
  message_id_field: MessageIdField;
  click_id_field: IdField | null;
  click_window_days: number;
  time_zone: string;
  default_currency: string;
  window_from: string | null;
  window_to: string | null;
  day: string | null;
  next_page: number;
  reading: number;
  promised: number | null;
  attempts: number;
  refused_fields: string[] | null;
  several_currencies: boolean | null;
  stop: DueSlice['stop'];
}

/**
 * The next slice of a network: live before backfill, then of the run that waited longest since it was worked on, so
 * that several integrations of one network take turns. Ask only while holding the network's lease.
 */
export async function nextSlice(db: Database, leaseKey: string): Promise<DueSlice | null> {
  const { rows } = await sql<SliceRow>`
    SELECT s.id, s.run_id, r.kind, s.priority, s.integration_id, i.account_id, i.network_id, i.affiliate_id,
      i.network_token_sealed, st.version, st.message_id_field, st.click_id_field, st.click_window_days, st.time_zone,
      st.default_currency, s.window_from, s.window_to, s.day, s.next_page, s.reading, s.promised, s.attempts,
      t.refused_fields, t.several_currencies,
      CASE WHEN i.deleted_at IS NOT NULL THEN 'integration_deleted'
        WHEN r.cancel_requested_at IS NOT NULL THEN 'cancel_requested' END AS stop
    FROM sync_slices s
    JOIN sync_runs r ON r.id = s.run_id
    JOIN integrations i ON i.id = s.integration_id
    JOIN integration_settings st ON st.integration_id = i.id AND st.version = i.settings_version
    LEFT JOIN network_traits t ON t.integration_id = i.id
    WHERE s.lease_key = ${leaseKey} AND ${OPEN_SLICE}
    ORDER BY s.priority, greatest(r.worked_at, s.worked_at) NULLS FIRST, s.id LIMIT 1`.execute(db);
  const row = rows[0];
  if (!row) return null;
  return {
    id: row.id,
    runId: row.run_id,
    kind: row.kind,
    priority: row.priority,
    integrationId: row.integration_id,
    accountId: row.account_id,
    networkId: row.network_id,
    affiliateId: row.affiliate_id,
    networkTokenSealed: row.network_token_sealed,
    settings: {
      version: row.version,
      messageIdField: row.message_id_field,
      clickIdField: row.click_id_field,
      clickWindowDays: row.click_window_days,
      timeZone: row.time_zone,
      defaultCurrency: row.default_currency,
    },
    windowFrom: row.window_from,
    windowTo: row.window_to,
    day: row.day,
    nextPage: row.next_page,
    reading: row.reading,
    promised: row.promised,
    attempts: row.attempts,
    refusedFields: row.refused_fields ?? [],
    severalCurrencies: row.several_currencies ?? false,
    stop: row.stop,
  };
}

export interface WaitingNetwork {
  readonly networkId: string;
  /** The lowest of its waiting slices, which goes first. */
  readonly priority: number;
}

/**
 * Networks with work that nobody holds: what a lost wake-up left undone, the most urgent first, then those that waited
 * longest for a turn. `prefix` is the kind, e.g. `conversions:`.
 */
export async function networksWithWork(db: Database, prefix: string): Promise<WaitingNetwork[]> {
  const { rows } = await sql<WaitingNetwork>`
    SELECT substr(s.lease_key, ${prefix.length + 1}::int) AS "networkId", min(s.priority) AS priority
    FROM sync_slices s
    JOIN sync_runs r ON r.id = s.run_id
    LEFT JOIN network_leases l ON l.lease_key = s.lease_key AND l.expires_at > clock_timestamp()
    WHERE starts_with(s.lease_key, ${prefix}) AND l.lease_key IS NULL AND ${OPEN_SLICE}
    GROUP BY s.lease_key ORDER BY min(s.priority), max(r.worked_at) NULLS FIRST, min(s.id)`.execute(db);
  return rows;
}

/** Says that work on a run has begun; null when the run ended in the meantime, e.g. was cancelled. */
export async function startRun(db: Database, runId: bigint): Promise<'started' | 'going on' | null> {
  const { rows } = await sql<{ was: string }>`
    UPDATE sync_runs r SET status = 'running', started_at = coalesce(r.started_at, clock_timestamp())
    FROM (SELECT id, status AS was FROM sync_runs WHERE id = ${runId} FOR UPDATE) b
    WHERE r.id = b.id AND b.was IN ('queued', 'running') RETURNING b.was`.execute(db);
  const was = rows[0]?.was;
  return was === undefined ? null : was === 'queued' ? 'started' : 'going on';
}

export interface PageProgress {
  readonly sliceId: bigint;
  readonly runId: bigint;
  readonly observedAt: string;
  readonly nextPage: number;
  /** Default: the same as before. */
  readonly reading?: number;
  /** The highest count that the pages of this reading named; default none. */
  readonly promised?: number | null;
  readonly pageTotal: number | null;
  readonly fetched: number;
  readonly inserted: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly rejected: number;
  readonly apiCalls: number;
}

/** What a page's commit tells of its run: a person paused it, asked for its end, or its integration was deleted. */
export interface RunWish {
  readonly cancelRequested: boolean;
  readonly paused: boolean;
}

/** Moves the cursor and the counts, in the transaction that stores the page. */
export async function recordPage(tx: Tx, page: PageProgress): Promise<RunWish> {
  await sql`
    UPDATE sync_slices SET next_page = ${page.nextPage}, reading = coalesce(${page.reading ?? null}, reading),
      promised = ${page.promised ?? null},
      page_total = ${page.pageTotal}, attempts = 0, requested_at = NULL,
      worked_at = clock_timestamp() WHERE id = ${page.sliceId}`.execute(tx);
  const { rows } = await sql<RunWish>`
    UPDATE sync_runs SET fetched = fetched + ${page.fetched}, inserted = inserted + ${page.inserted},
      updated = updated + ${page.updated}, unchanged = unchanged + ${page.unchanged},
      rejected = rejected + ${page.rejected}, api_calls = api_calls + ${page.apiCalls},
      first_requested_at = coalesce(first_requested_at, ${page.observedAt}::timestamptz), worked_at = clock_timestamp(),
      progress_done = CASE WHEN progress_unit <> 'pages' THEN progress_done ELSE
        (SELECT sum(next_page - 1) FROM sync_slices s WHERE s.run_id = sync_runs.id) END,
      progress_total = CASE WHEN progress_unit <> 'pages' THEN progress_total ELSE
        (SELECT sum(greatest(coalesce(page_total, 1), next_page - 1)) FROM sync_slices s
          WHERE s.run_id = sync_runs.id) END
    WHERE id = ${page.runId}
    RETURNING paused_at IS NOT NULL AS paused, cancel_requested_at IS NOT NULL OR EXISTS (SELECT 1 FROM integrations i
      WHERE i.id = sync_runs.integration_id AND i.deleted_at IS NOT NULL) AS "cancelRequested"`.execute(tx);
  return rows[0] ?? { cancelRequested: true, paused: false };
}

/** Hands a slice back, to be gone on with later. */
export async function postponeSlice(
  db: Database,
  slice: { id: bigint },
  options: { delayMs: number; failed: boolean },
): Promise<void> {
  await sql`
    UPDATE sync_slices SET requested_at = NULL, worked_at = clock_timestamp(), attempts = attempts + ${options.failed ? 1 : 0},
      not_before = clock_timestamp() + ${options.delayMs} * interval '1 millisecond'
    WHERE id = ${slice.id}`.execute(db);
}

/** Ends a run with an error. What was stored stays. */
export async function failRun(db: Database, runId: bigint, error: { code: string; message: string }): Promise<boolean> {
  const { rows } = await sql`
    UPDATE sync_runs SET status = 'failed', error_code = ${error.code}, error_message = ${error.message},
      finished_at = clock_timestamp()
    WHERE id = ${runId} AND status IN ('queued', 'running') RETURNING 1`.execute(db);
  return rows.length > 0;
}

/** Ends a run as cancelled at a page's boundary. False when it had ended before. */
export async function cancelRun(db: Database, runId: bigint): Promise<boolean> {
  const { rows } = await sql`
    UPDATE sync_runs SET status = 'cancelled', finished_at = clock_timestamp()
    WHERE id = ${runId} AND status IN ('queued', 'running') RETURNING 1`.execute(db);
  return rows.length > 0;
}

/** PostgreSQL's clock, to the microsecond: what observations are ordered by. */
export async function databaseNow(db: Database): Promise<string> {
  const { rows } = await sql<{ now: string }>`SELECT clock_timestamp()::text AS now`.execute(db);
  const now = rows[0]?.now;
  if (now === undefined) throw new Error('PostgreSQL did not tell the time');
  return now;
}
