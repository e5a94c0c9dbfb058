import { sql } from 'kysely';
import type { Database } from '../connection/connection.js';

/** Says that a page of the slice is asked for now; returns the moment by PostgreSQL's clock, to the microsecond. */
export async function beginRequest(db: Database, sliceId: bigint): Promise<string> {
  const { rows } = await sql<{ at: string }>`
    UPDATE sync_slices SET requested_at = clock_timestamp() WHERE id = ${sliceId}
    RETURNING requested_at::text AS at`.execute(db);
  const at = rows[0]?.at;
  if (at === undefined) throw new Error(`Slice ${sliceId} is gone`);
  return at;
}
