import { sql } from 'kysely';
import type { Tx } from '../connection/connection.js';
import type { OldRows } from '../retention/age.js';

/**
 * Drops runs that ended long ago, with their slices and sightings. The last one of each kind stays, since it says how the
 * integration stands; so do re-attributions, which say who put what under which settings. Returns how many runs.
 */
export async function dropEndedRuns(tx: Tx, { pages, before }: OldRows): Promise<number> {
  const { rows } = await sql<{ runs: number }>`
    WITH old AS MATERIALIZED (
      SELECT k.id FROM sync_runs k
      WHERE ${pages} AND k.finished_at < ${before} AND k.kind <> 'reattribution' AND EXISTS (
        SELECT FROM sync_runs later WHERE later.integration_id = k.integration_id AND later.kind = k.kind
          AND later.finished_at IS NOT NULL AND later.id > k.id OFFSET 0)
        AND NOT EXISTS (SELECT FROM sync_slices s JOIN catalogue_pages p ON p.slice_id = s.id
          WHERE s.run_id = k.id OFFSET 0)
    ), slices AS (DELETE FROM sync_slices WHERE run_id IN (SELECT id FROM old)
    ), runs AS (DELETE FROM sync_runs WHERE id IN (SELECT id FROM old) RETURNING 1)
    SELECT count(*)::int AS runs FROM runs`.execute(tx);
  return rows[0]?.runs ?? 0;
}
