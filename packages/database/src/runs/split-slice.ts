import { sql } from 'kysely';
import type { Tx } from '../connection/connection.js';

/**
 * Replaces a slice by several with these windows; the first goes on in its place from its first page. `apiCalls` were
 * spent on finding out.
 */
export async function splitSlice(
  tx: Tx,
  sliceId: bigint,
  windows: readonly (readonly [from: string, to: string])[],
  apiCalls = 0,
): Promise<void> {
  const [first, ...others] = windows;
  if (first === undefined) throw new RangeError('A slice cannot be split into nothing');
  await sql`
    INSERT INTO sync_slices (run_id, integration_id, lease_key, priority, day, window_from, window_to)
    SELECT s.run_id, s.integration_id, s.lease_key, s.priority, s.day, o.window_from, o.window_to
    FROM sync_slices s,
      unnest(${others.map(([from]) => from)}::text[], ${others.map(([, to]) => to)}::text[]) AS o (window_from, window_to)
    WHERE s.id = ${sliceId} ORDER BY o.window_from`.execute(tx);
  await sql`
    WITH forgotten AS (DELETE FROM slice_pages WHERE slice_id = ${sliceId})
    UPDATE sync_slices SET window_from = ${first[0]}, window_to = ${first[1]}, next_page = 1, reading = 1,
      promised = NULL, page_total = NULL, attempts = 0, not_before = NULL, requested_at = NULL WHERE id = ${sliceId}`.execute(
    tx,
  );
  if (apiCalls === 0) return;
  await sql`
    UPDATE sync_runs SET api_calls = api_calls + ${apiCalls}
    WHERE id = (SELECT run_id FROM sync_slices WHERE id = ${sliceId})`.execute(tx);
}
