import { sql } from 'kysely';
import { LOOK_BACK_DAYS } from '@trackly-tune/domain';
import type { Tx } from '../connection/connection.js';
import { SCHEDULE_KINDS, scheduleOffsetMs, type ScheduleKind } from './schedules.js';

export interface ScheduleState {
  readonly enabled: boolean;
  readonly everyMs: number;
}

/**
 * The schedules of a new integration, due at once where they are enabled; late changes, of which there can be none yet,
 * at their own time of the day. What is covered starts one look-back ago, so that the first pull is a plain one: what
 * is older is for a backfill that a person asks for.
 */
export async function createSchedules(
  tx: Tx,
  integrationId: bigint,
  schedules: Readonly<Record<ScheduleKind, ScheduleState>>,
): Promise<void> {
  const rows = SCHEDULE_KINDS.map((kind) => ({ kind, ...schedules[kind] }));
  const changesInMs = scheduleOffsetMs(integrationId, schedules.changes.everyMs);
  await sql`
    INSERT INTO sync_schedules (integration_id, kind, enabled, every_ms, next_at, coverage_starts_at)
    SELECT ${integrationId}, kind, enabled, every_ms,
      clock_timestamp() + CASE WHEN kind = 'changes' THEN ${changesInMs} ELSE 0 END * interval '1 millisecond',
      clock_timestamp() - ${LOOK_BACK_DAYS} * interval '1 day'
    FROM unnest(${rows.map(({ kind }) => kind)}::text[], ${rows.map(({ enabled }) => enabled)}::boolean[],
      ${rows.map(({ everyMs }) => everyMs)}::integer[]) AS s (kind, enabled, every_ms)`.execute(tx);
}

/**
 * Makes a schedule what it should be. `dueNow` makes it due at once, and not since long ago: one that was off was not
 * silent. A shorter period counts from now, a longer one after the tick that stands. What is covered stays, so that
 * the next pull leaves no hole.
 */
export async function changeSchedule(
  tx: Tx,
  schedule: ScheduleState & { integrationId: bigint; kind: ScheduleKind; dueNow: boolean },
): Promise<void> {
  const { integrationId, kind, enabled, everyMs, dueNow } = schedule;
  await sql`
    UPDATE sync_schedules SET enabled = ${enabled}, every_ms = ${everyMs},
      next_at = CASE WHEN ${dueNow} THEN clock_timestamp()
        ELSE least(next_at, clock_timestamp() + ${everyMs} * interval '1 millisecond') END
    WHERE integration_id = ${integrationId} AND kind = ${kind}`.execute(tx);
}
