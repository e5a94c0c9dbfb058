import { sql } from 'kysely';
import type { Database } from '../connection/connection.js';
import { notParked, type ParkableItem } from '../parking/parked-items.js';

export interface StoppedRun {
  readonly runId: bigint;
  readonly integrationId: bigint;
  readonly kind: string;
  readonly reason: 'cancel_requested' | 'integration_deleted';
}

const stopped = (prefix: string) => sql`i.id = r.integration_id AND r.status IN ('queued', 'running')
  AND r.pulled_at IS NULL AND (r.cancel_requested_at IS NOT NULL OR i.deleted_at IS NOT NULL)
  AND EXISTS (SELECT 1 FROM sync_slices s WHERE s.run_id = r.id AND starts_with(s.lease_key, ${prefix}))
  AND NOT EXISTS (SELECT 1 FROM sync_slices s JOIN network_leases l ON l.lease_key = s.lease_key
    WHERE s.run_id = r.id AND s.done_at IS NULL AND l.expires_at > clock_timestamp())`;

export interface StoppedRuns {
  /** Of the lease keys, e.g. `conversions:`. */
  readonly prefix: string;
  /** What such a run is parked as. */
  readonly kind: 'stopped_pull' | 'stopped_offer_sync';
}

/**
 * Ends as cancelled what is to stop and nobody works on: runs that a person cancelled or whose integration was
 * deleted, and that still have pages to fetch. One that a worker holds ends at its next page.
 *
 * @param only these runs, parked or not; by default all that are not parked
 */
export async function cancelStoppedRuns(
  db: Database,
  { prefix, kind }: StoppedRuns,
  only: readonly bigint[] | null = null,
): Promise<StoppedRun[]> {
  const wanted = only === null ? notParked(kind, 'r.id') : sql`r.id = ANY(${only}::bigint[])`;
  const { rows } = await sql<StoppedRun>`
    UPDATE sync_runs r SET status = 'cancelled', finished_at = clock_timestamp()
    FROM integrations i WHERE ${stopped(prefix)} AND ${wanted}
    RETURNING r.id AS "runId", r.integration_id AS "integrationId", r.kind,
      CASE WHEN i.deleted_at IS NULL THEN 'cancel_requested' ELSE 'integration_deleted' END AS reason`.execute(db);
  return rows;
}

/** The runs that `cancelStoppedRuns` would end. */
export async function nextStoppedRuns(db: Database, { prefix, kind }: StoppedRuns): Promise<ParkableItem[]> {
  const { rows } = await sql<ParkableItem>`
    SELECT r.id, i.account_id AS "accountId", r.integration_id AS "integrationId"
    FROM sync_runs r, integrations i WHERE ${stopped(prefix)} AND ${notParked(kind, 'r.id')} ORDER BY r.id`.execute(db);
  return rows;
}
