import { sql } from 'kysely';
import type { Database, Tx } from '../connection/connection.js';
import type { DueSlice } from './slices.js';

/**
 * What the pages of an unfinished slice held, so that a report is counted as a whole although several processes read
 * it. A slice is read once, or again from its first page when the report was not whole:
 *
 *   reading 1 ── page 1, page 2, … whole ──► done_at
 *        └────── not whole ──► reading 2, from page 1 ── … ──► reading 3 ──► its run fails
 *
 * The table is not logged: after a crash of PostgreSQL it is empty, the pages that are missing are noticed, and the
 * reading begins again. Nothing is written for the last page, hence nothing at all for a report of one page.
 */
export interface KeptReading {
  /** Where the reading goes on. */
  readonly nextPage: number;
  /** The highest count that its pages named; null where none did. */
  readonly promised: number | null;
  /** Keys of its rows, eight bytes each, page by page. */
  readonly pages: readonly Buffer[];
  /** The same of what was read before this reading began. */
  readonly earlierPages: readonly Buffer[];
}

/** What is kept of a slice. Where pages are missing, the reading begins again at its first page. */
export async function loadReading(
  db: Database,
  slice: Pick<DueSlice, 'id' | 'nextPage' | 'reading' | 'promised'>,
): Promise<KeptReading> {
  const { id, nextPage, reading, promised } = slice;
  if (nextPage === 1 && reading === 1) return { nextPage, promised: null, pages: [], earlierPages: [] };
  const { rows } = await sql<{ current: boolean; row_keys: Buffer }>`
    SELECT reading = ${reading} AND page < ${nextPage} AS current, row_keys FROM slice_pages
    WHERE slice_id = ${id} ORDER BY reading, page`.execute(db);
  const keysOf = (current: boolean) => rows.filter((row) => row.current === current).map((row) => row.row_keys);
  const pages = keysOf(true);
  if (pages.length === nextPage - 1) return { nextPage, promised, pages, earlierPages: keysOf(false) };
  return { nextPage: 1, promised: null, pages: [], earlierPages: rows.map((row) => row.row_keys) };
}

/** Keeps the keys of a page behind which the slice goes on, in the transaction that stores the page. */
export async function keepSlicePage(
  tx: Tx,
  page: { sliceId: bigint; reading: number; page: number; keyBytes: Buffer },
): Promise<void> {
  await sql`
    INSERT INTO slice_pages (slice_id, reading, page, row_keys)
    VALUES (${page.sliceId}, ${page.reading}, ${page.page}, ${page.keyBytes})
    ON CONFLICT (slice_id, reading, page) DO UPDATE SET row_keys = excluded.row_keys`.execute(tx);
}

/** Sends a slice back to its first page after a wait: what it read was not whole. Doing it twice changes nothing. */
export async function readAgain(tx: Tx, slice: Pick<DueSlice, 'id' | 'reading'>, delayMs: number): Promise<void> {
  await sql`
    UPDATE sync_slices SET reading = ${slice.reading + 1}, next_page = 1, promised = NULL, attempts = 0,
      requested_at = NULL, worked_at = clock_timestamp(),
      not_before = clock_timestamp() + ${delayMs} * interval '1 millisecond' WHERE id = ${slice.id}`.execute(tx);
}

/** Forgets what slices held that will not go on: those that are done, and those of runs that have ended. */
export async function sweepSlicePages(db: Database, leasePrefix: string): Promise<void> {
  await sql`
    DELETE FROM slice_pages p USING sync_slices s, sync_runs r
    WHERE s.id = p.slice_id AND r.id = s.run_id AND starts_with(s.lease_key, ${leasePrefix})
      AND (s.done_at IS NOT NULL OR r.status NOT IN ('queued', 'running'))`.execute(db);
}
