import { sql } from 'kysely';
import type { Database } from '../connection/connection.js';
import { OPEN_SLICE } from './open-slice.js';
import type { ScheduleKind } from './schedules.js';

export interface NetworkBacklog {
  readonly networkId: string;
  /** Seconds for which its longest waiting slice could have been worked on. */
  readonly waitingSeconds: number;
}

/**
 * What syncs of a kind are behind with, the longest waiting networks first: seconds of waiting say more about scaling
 * than a queue's length.
 */
export async function readWaitingNetworks(
  db: Database,
  networksMax: number,
  kind: ScheduleKind,
): Promise<NetworkBacklog[]> {
  const { rows } = await sql<{ network_id: string; seconds: number }>`
    SELECT i.network_id,
      extract(epoch FROM clock_timestamp() - min(greatest(r.queued_at, s.worked_at, s.not_before)))::float8 AS seconds
    FROM sync_slices s
    JOIN sync_runs r ON r.id = s.run_id
    JOIN integrations i ON i.id = s.integration_id
    WHERE starts_with(s.lease_key, ${`${kind}:`}) AND ${OPEN_SLICE}
    GROUP BY i.network_id ORDER BY seconds DESC, i.network_id LIMIT ${networksMax}`.execute(db);
  return rows.map((row) => ({ networkId: row.network_id, waitingSeconds: Math.max(0, row.seconds) }));
}

/** Seconds by which the most overdue enabled schedule of a kind is late. */
export async function readScheduleOverdue(db: Database, kind: ScheduleKind): Promise<number> {
  const { rows } = await sql<{ seconds: number | null }>`
    SELECT extract(epoch FROM clock_timestamp() - min(s.next_at))::float8 AS seconds
    FROM sync_schedules s JOIN integrations i ON i.id = s.integration_id AND i.deleted_at IS NULL
    WHERE s.enabled AND s.kind = ${kind} AND s.next_at <= statement_timestamp()`.execute(db);
  return Math.max(0, rows[0]?.seconds ?? 0);
}

export interface FailingIntegrations {
  readonly kind: ScheduleKind;
  /** Code of the error of the last run. */
  readonly code: string;
  readonly integrations: number;
}

/** Where no run follows that could succeed, a failure that a person asked for is forgotten after a day. */
const UNPLANNED_HOURS = 24;

/**
 * Integrations whose last two runs of a kind of scheduled work both failed, by the last error. Where the schedule is off
 * they count for a day: nothing else would end it. Those of deleted integrations are nobody's to mend.
 */
export async function readFailingIntegrations(
  db: Database,
  kinds: readonly ScheduleKind[],
): Promise<FailingIntegrations[]> {
  const { rows } = await sql<FailingIntegrations>`
    SELECT k.kind, coalesce(r.code, 'internal_error') AS code, count(*)::int AS integrations
    FROM integrations i CROSS JOIN unnest(${[...kinds]}::text[]) AS k (kind)
    LEFT JOIN sync_schedules s ON s.integration_id = i.id AND s.kind = k.kind AND s.enabled
    CROSS JOIN LATERAL (
      SELECT (array_agg(error_code ORDER BY finished_at DESC))[1] AS code,
        count(*) FILTER (WHERE status = 'failed') AS failed, max(finished_at) AS last_at
      FROM (SELECT status, error_code, finished_at FROM sync_runs
        WHERE integration_id = i.id AND kind = k.kind AND status IN ('succeeded', 'failed')
        ORDER BY finished_at DESC LIMIT 2) last
    ) r
    WHERE i.deleted_at IS NULL AND r.failed = 2
      AND (s.integration_id IS NOT NULL OR r.last_at > now() - ${UNPLANNED_HOURS} * interval '1 hour')
    GROUP BY 1, 2 ORDER BY 1, 2`.execute(db);
  return rows;
}
