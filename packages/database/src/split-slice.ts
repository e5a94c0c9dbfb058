import { sql } from 'kysely';
import type { Transaction } from './connection.js';

/** Replaces a slice by its two halves; the first goes on in its place from its first page. */
export async function splitSlice(
  tx: Transaction,
  sliceId: bigint,
  halves: { first: readonly [string, string]; second: readonly [string, string] },
): Promise<void> {
  await sql`
      INSERT INTO sync_slices (run_id, integration_id, lease_key, priority, window_from, window_to)
      SELECT run_id, integration_id, lease_key, priority, ${halves.second[0]}, ${halves.second[1]}
      FROM sync_slices WHERE id = ${sliceId}`.execute(tx);
  await sql`
      UPDATE sync_slices SET window_from = ${halves.first[0]}, window_to = ${halves.first[1]}, next_page = 1,
        page_total = NULL, attempts = 0, not_before = NULL WHERE id = ${sliceId}`.execute(tx);
}
