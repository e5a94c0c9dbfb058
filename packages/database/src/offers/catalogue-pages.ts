import { sql } from 'kysely';
import type { Database, Tx } from '../connection/connection.js';
import { notParked, type ParkableItem } from '../parking/parked-items.js';

/** Remembers which ids a page held, in the transaction that stores the page: a resumed run knows what it saw. */
export async function keepCataloguePage(
  tx: Tx,
  page: { sliceId: bigint; page: number; externalIds: readonly string[]; unreadable: number },
): Promise<void> {
  await sql`
    INSERT INTO catalogue_pages (slice_id, page, external_ids, unreadable)
    VALUES (${page.sliceId}, ${page.page}, ${[...page.externalIds].sort()}::text[], ${page.unreadable})
    ON CONFLICT (slice_id, page) DO UPDATE
      SET external_ids = excluded.external_ids, unreadable = excluded.unreadable`.execute(tx);
}

/** How many entries of the pages of a slice had no id that could be read. */
export async function countUnreadableEntries(tx: Tx, sliceId: bigint): Promise<number> {
  const { rows } = await sql<{ unreadable: number }>`
    SELECT coalesce(sum(unreadable), 0)::int AS unreadable FROM catalogue_pages WHERE slice_id = ${sliceId}`.execute(
    tx,
  );
  return rows[0]?.unreadable ?? 0;
}

/** Forgets the pages of a slice: its run has ended, or is about to read them from the first one. */
export async function forgetCataloguePages(tx: Tx, sliceId: bigint): Promise<void> {
  await sql`DELETE FROM catalogue_pages WHERE slice_id = ${sliceId}`.execute(tx);
}

const LEFT_BEHIND = sql`s.id = p.slice_id AND r.id = s.run_id AND r.status NOT IN ('queued', 'running')`;
const UNPARKED = notParked('catalogue_pages', 's.id');

/**
 * Forgets the pages of runs that ended without going through to the end of their catalogue: of these slices, parked or
 * not, or of all that are not parked.
 */
export async function sweepCataloguePages(db: Database, only: readonly bigint[] | null = null): Promise<void> {
  const wanted = only === null ? UNPARKED : sql`s.id = ANY(${only}::bigint[])`;
  await sql`
    DELETE FROM catalogue_pages p USING sync_slices s, sync_runs r WHERE ${LEFT_BEHIND} AND ${wanted}`.execute(db);
}

/** The slices whose pages `sweepCataloguePages` would forget. */
export async function nextSweptSlices(db: Database): Promise<ParkableItem[]> {
  const { rows } = await sql<ParkableItem>`
    SELECT DISTINCT s.id, i.account_id AS "accountId", r.integration_id AS "integrationId"
    FROM catalogue_pages p, sync_slices s, sync_runs r JOIN integrations i ON i.id = r.integration_id
    WHERE ${LEFT_BEHIND} AND ${UNPARKED} ORDER BY s.id`.execute(db);
  return rows;
}

/** So many complete catalogues without an offer mean that it is gone; more are not counted, which saves writes. */
const MISSED_MAX = 2;

/** What is known besides of a catalogue that came as a whole. */
export interface CatalogueLook {
  /** No page of it held an entry, not even one that could not be read. */
  readonly isEmpty: boolean;
  /** Offers that were there before: all that are not gone. */
  readonly offersBefore: number;
  /** A person said that an empty one is right. Asked for here, since it may be said while the run begins. */
  readonly acceptEmpty: boolean;
}

/** Looks at the catalogue whose pages a slice has kept, in the transaction of the last one. */
export async function lookAtCatalogue(
  tx: Tx,
  slice: { id: bigint; runId: bigint; integrationId: bigint },
): Promise<CatalogueLook> {
  const { rows } = await sql<CatalogueLook>`
    SELECT NOT EXISTS (SELECT 1 FROM catalogue_pages
        WHERE slice_id = ${slice.id} AND (cardinality(external_ids) > 0 OR unreadable > 0)) AS "isEmpty",
      (SELECT count(*)::int FROM catalogue_offers
        WHERE integration_id = ${slice.integrationId} AND missed_catalogues < ${MISSED_MAX}) AS "offersBefore",
      r.accept_empty AS "acceptEmpty"
    FROM sync_runs r WHERE r.id = ${slice.runId}`.execute(tx);
  if (rows[0] === undefined) throw new Error('The run of a slice is missing');
  return rows[0];
}

/**
 * Counts a complete catalogue: offers that it held are there, each of the others has missed one more, or is gone at once
 * where that is `certain`. Writes only rows whose count changes.
 */
export async function countMissing(
  tx: Tx,
  slice: { id: bigint; integrationId: bigint },
  { certain }: { certain: boolean },
): Promise<void> {
  const { id: sliceId, integrationId } = slice;
  const more = certain ? MISSED_MAX : 1;
  await sql`
    WITH seen AS (
      SELECT DISTINCT unnest(external_ids) COLLATE "C" AS external_id FROM catalogue_pages WHERE slice_id = ${sliceId}
    ), counted AS (
      SELECT c.external_id,
        CASE WHEN s.external_id IS NULL THEN least(c.missed_catalogues + ${more}::int, ${MISSED_MAX}) ELSE 0 END AS missed
      FROM catalogue_offers c LEFT JOIN seen s ON s.external_id = c.external_id
      WHERE c.integration_id = ${integrationId}
    )
    UPDATE catalogue_offers c SET missed_catalogues = n.missed
    FROM counted n
    WHERE c.integration_id = ${integrationId} AND c.external_id = n.external_id
      AND c.missed_catalogues <> n.missed`.execute(tx);
}
