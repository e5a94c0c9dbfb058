import { sql } from 'kysely';
import type { Database, Tx } from '../connection/connection.js';
import { notParked, type ParkableItem } from '../parking/parked-items.js';

export const SCHEDULE_KINDS = ['conversions', 'offers', 'changes'] as const;
export type ScheduleKind = (typeof SCHEDULE_KINDS)[number];

export interface DueSchedule {
  readonly integrationId: bigint;
  readonly networkId: string;
  readonly kind: ScheduleKind;
  readonly everyMs: number;
  readonly nextAt: Date;
  readonly timeZone: string;
  /** Up to when the network is pulled without a gap; before the first success, where its coverage starts. */
  readonly coveredThrough: Date;
  readonly now: Date;
}

/** Spreads integrations over the hour or the day, the same for one integration for ever. */
export function scheduleOffsetMs(integrationId: bigint, everyMs: number): number {
  // Knuth's multiplicative hash: neighbouring ids land far apart. Migration 0009 computes the same, held by a test.
  return Number((integrationId * 2_654_435_761n) % BigInt(everyMs));
}

/** The next moment of an integration's schedule after a moment. */
export function nextScheduledAt(integrationId: bigint, everyMs: number, after: Date): Date {
  const offsetMs = scheduleOffsetMs(integrationId, everyMs);
  const turns = Math.floor((after.getTime() - offsetMs) / everyMs) + 1;
  return new Date(turns * everyMs + offsetMs);
}

/**
 * Locks an integration's schedule when it is due; null when it is not, or another copy holds it. The caller creates
 * the run and moves `next_at` in the same transaction.
 */
export async function claimDueSchedule(
  tx: Tx,
  options: { kind: ScheduleKind; integrationId: bigint },
): Promise<DueSchedule | null> {
  const { kind, integrationId } = options;
  const { rows } = await sql<Omit<DueSchedule, 'integrationId' | 'kind'>>`
    SELECT i.network_id AS "networkId", s.every_ms AS "everyMs", s.next_at AS "nextAt", st.time_zone AS "timeZone",
      coalesce(s.covered_through, s.coverage_starts_at) AS "coveredThrough", clock_timestamp() AS now
    FROM sync_schedules s
    JOIN integrations i ON i.id = s.integration_id AND i.deleted_at IS NULL
    JOIN integration_settings st ON st.integration_id = i.id AND st.version = i.settings_version
    WHERE s.enabled AND s.kind = ${kind} AND s.integration_id = ${integrationId} AND s.next_at <= statement_timestamp()
    FOR UPDATE OF s SKIP LOCKED`.execute(tx);
  return rows[0] ? { integrationId, kind, ...rows[0] } : null;
}

/** Integrations with a schedule that is due and not parked, the longest waiting first. */
export async function integrationsDue(
  db: Database,
  options: { kind: ScheduleKind; schedulesMax: number },
): Promise<ParkableItem[]> {
  const { rows } = await sql<ParkableItem>`
    SELECT s.integration_id AS id, i.account_id AS "accountId", s.integration_id AS "integrationId"
    FROM sync_schedules s
    JOIN integrations i ON i.id = s.integration_id AND i.deleted_at IS NULL
    WHERE s.enabled AND s.kind = ${options.kind} AND s.next_at <= statement_timestamp()
      AND ${notParked(`${options.kind}_schedule`, 's.integration_id')}
    ORDER BY s.next_at, s.integration_id LIMIT ${options.schedulesMax}`.execute(db);
  return rows;
}

/** Moves a schedule on. */
export async function setNextAt(
  db: Database,
  options: { integrationId: bigint; kind: ScheduleKind; nextAt: Date },
): Promise<void> {
  await db
    .updateTable('sync_schedules')
    .set({ next_at: options.nextAt })
    .where('integration_id', '=', options.integrationId)
    .where('kind', '=', options.kind)
    .execute();
}

/** Asks again soon after a failure that may pass, instead of waiting for the next hour. Never later than planned. */
export async function retrySoon(
  db: Database,
  options: { integrationId: bigint; kind: ScheduleKind; delayMs: number },
): Promise<void> {
  await sql`
    UPDATE sync_schedules
    SET next_at = least(next_at, clock_timestamp() + ${options.delayMs} * interval '1 millisecond')
    WHERE integration_id = ${options.integrationId} AND kind = ${options.kind} AND enabled`.execute(db);
}

/** True when a run of this kind is queued or running for the integration. */
export async function hasOpenRun(db: Database, integrationId: bigint, kind: string): Promise<boolean> {
  const row = await db
    .selectFrom('sync_runs')
    .select('id')
    .where('integration_id', '=', integrationId)
    .where('kind', '=', kind)
    .where('status', 'in', ['queued', 'running'])
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/**
 * True while a scheduled pull of the integration is still being pulled. One that only waits to be settled is not in
 * the way of the next, and neither is a window that a person asked for.
 */
export async function hasOpenScheduledPull(db: Database, integrationId: bigint): Promise<boolean> {
  const row = await db
    .selectFrom('sync_runs')
    .select('id')
    .where('integration_id', '=', integrationId)
    .where('kind', '=', 'conversions')
    .where('trigger', '=', 'schedule')
    .where('status', 'in', ['queued', 'running'])
    .where('pulled_at', 'is', null)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Enabled schedules, for the queue's job schedulers to be held against. */
export async function enabledSchedules(
  db: Database,
  kind: ScheduleKind,
): Promise<{ integrationId: bigint; everyMs: number }[]> {
  const rows = await db
    .selectFrom('sync_schedules')
    .innerJoin('integrations', 'integrations.id', 'sync_schedules.integration_id')
    .select(['sync_schedules.integration_id', 'every_ms'])
    .where('kind', '=', kind)
    .where('enabled', '=', true)
    .where('integrations.deleted_at', 'is', null)
    .execute();
  return rows.map((row) => ({ integrationId: row.integration_id, everyMs: row.every_ms }));
}
