import { sql } from 'kysely';
import type { Database, Tx } from '../connection/connection.js';

/** What a pull that a person asks for needs to know of its integration. */
export interface PullTarget {
  readonly accountId: string;
  readonly networkId: string;
  readonly timeZone: string;
  /** Up to when the network is pulled without a gap; before the first success, where its coverage starts. */
  readonly coveredThrough: Date;
  readonly deleted: boolean;
}

/** Null when there is no such integration. Locks it against deletion for the time of the transaction. */
export async function findPullTarget(db: Database | Tx, integrationId: bigint): Promise<PullTarget | null> {
  const { rows } = await sql<PullTarget>`
    SELECT i.account_id AS "accountId", i.network_id AS "networkId", st.time_zone AS "timeZone",
      coalesce(s.covered_through, s.coverage_starts_at, i.created_at) AS "coveredThrough",
      i.deleted_at IS NOT NULL AS deleted
    FROM integrations i
    JOIN integration_settings st ON st.integration_id = i.id AND st.version = i.settings_version
    LEFT JOIN sync_schedules s ON s.integration_id = i.id AND s.kind = 'conversions'
    WHERE i.id = ${integrationId} FOR SHARE OF i`.execute(db);
  return rows[0] ?? null;
}
