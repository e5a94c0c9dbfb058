import { sql, type RawBuilder } from 'kysely';
import type { Database, Tx } from '../connection/connection.js';

export const RUN_KINDS = [
  'conversions',
  'offers',
  'offer_import',
  'changes',
  'backfill',
  'reattribution',
  'reconciliation',
] as const;
export type RunKind = (typeof RUN_KINDS)[number];

export const RUN_STATUSES = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

/** A sync run as it stands, with the account it belongs to. */
export interface RunRow {
  readonly id: bigint;
  readonly integration_id: bigint;
  readonly account_id: string;
  readonly network_id: string;
  readonly kind: RunKind;
  readonly trigger: 'schedule' | 'manual';
  readonly status: RunStatus;
  readonly window_from: string | null;
  readonly window_to: string | null;
  readonly progress_done: number;
  readonly progress_total: number | null;
  readonly progress_unit: string;
  readonly fetched: number;
  readonly inserted: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly rejected: number;
  readonly api_calls: number;
  readonly attributed_by_click: number;
  readonly attributed_by_message_id: number;
  readonly unattributed: number;
  /** Transactions of its window that were parked when it ended. */
  readonly parked: number;
  /** What became of each thing asked for; imports only. */
  readonly items: unknown;
  readonly error_code: string | null;
  readonly error_message: string | null;
  readonly queued_at: Date;
  readonly started_at: Date | null;
  readonly finished_at: Date | null;
  readonly paused_at: Date | null;
  /** Days per minute of late, of a backfill that goes on; null before the first one. */
  readonly rate_per_minute: number | null;
  /** At that rate. */
  readonly expected_end_at: Date | null;
}

/** A backfill's speed is that of its last minutes: it changes with what live work leaves. */
const PACE = sql`
  SELECT round(p.rate::numeric, 2)::float8 AS rate_per_minute,
    clock_timestamp() + (r.progress_total - r.progress_done) / p.rate * interval '1 minute' AS expected_end_at
  FROM (
    SELECT nullif(count(DISTINCT s.day), 0) * 60
      / greatest(extract(epoch FROM clock_timestamp() - since.at)::float8, 1) AS rate
    FROM (SELECT greatest(r.started_at, r.resumed_at, clock_timestamp() - interval '10 minutes') AS at) since
    JOIN sync_slices s ON s.run_id = r.id AND s.done_at >= since.at
    GROUP BY since.at
  ) p`;

const SELECTED = sql`
  SELECT r.id, r.integration_id, i.account_id, i.network_id, r.kind, r.trigger, r.status, r.window_from, r.window_to, r.progress_done,
    r.progress_total, r.progress_unit, r.fetched, r.inserted, r.updated, r.unchanged, r.rejected, r.api_calls,
    r.attributed_by_click, r.attributed_by_message_id, r.unattributed, r.parked, r.items, r.error_code, r.error_message,
    r.queued_at, r.started_at, r.finished_at, r.paused_at, pace.rate_per_minute,
    pace.expected_end_at
  FROM sync_runs r JOIN integrations i ON i.id = r.integration_id
  LEFT JOIN LATERAL (${PACE}) pace
    ON r.kind = 'backfill' AND r.status = 'running' AND r.pulled_at IS NULL AND r.paused_at IS NULL`;

/** One run; null when there is none with this id. */
export async function findRun(db: Database | Tx, runId: bigint): Promise<RunRow | null> {
  const { rows } = await sql<RunRow>`${SELECTED} WHERE r.id = ${runId}`.execute(db);
  return rows[0] ?? null;
}

/** A page of an integration's runs, newest first, and how many there are in all. */
export async function listRuns(
  db: Database,
  filter: { integrationId: bigint; kind?: RunKind | undefined; status?: RunStatus | undefined },
  page: { page: number; perPage: number },
): Promise<{ rows: RunRow[]; total: number }> {
  const conditions: RawBuilder<unknown>[] = [sql`r.integration_id = ${filter.integrationId}`];
  if (filter.kind !== undefined) conditions.push(sql`r.kind = ${filter.kind}`);
  if (filter.status !== undefined) conditions.push(sql`r.status = ${filter.status}`);
  const where = sql.join(conditions, sql` AND `);
  const counted = await sql<{ total: bigint }>`SELECT count(*) AS total FROM sync_runs r WHERE ${where}`.execute(db);
  const offset = (page.page - 1) * page.perPage;
  const { rows } = await sql<RunRow>`
    ${SELECTED} WHERE ${where} ORDER BY r.id DESC LIMIT ${page.perPage} OFFSET ${offset}`.execute(db);
  return { rows, total: Number(counted.rows[0]?.total ?? 0n) };
}
