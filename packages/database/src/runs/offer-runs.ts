import { sql } from 'kysely';
import type { Database, Tx } from '../connection/connection.js';
import { addSlices, WITHOUT_WINDOW } from './add-slices.js';
import { addUniqueRun, createOnce, type CreatedRun } from './create-run.js';
import { SLICE_PRIORITY } from './slice-priority.js';

async function addCatalogueSlice(tx: Tx, runId: bigint, priority: number): Promise<void> {
  await addSlices(tx, runId, { story: 'offers', priority, slices: [WITHOUT_WINDOW] });
}

/** The run of offers that still waits, taught what a wish adds to it; null when it has just begun or ended. */
async function joinWaiting(tx: Tx, integrationId: bigint, acceptEmpty: boolean): Promise<bigint | null> {
  const waiting = { integration_id: integrationId, kind: 'offers', status: 'queued' } as const;
  const found = acceptEmpty
    ? await tx
        .updateTable('sync_runs')
        .set({ accept_empty: true })
        .where((run) => run.and(waiting))
        .returning('id')
        .executeTakeFirst()
    : await tx
        .selectFrom('sync_runs')
        .select('id')
        .where((run) => run.and(waiting))
        .executeTakeFirst();
  return found?.id ?? null;
}

/**
 * Creates a run that fetches the whole catalogue and refreshes every imported offer. One that still waits is returned
 * instead of a second one, and takes over that a person accepts an empty catalogue (`acceptEmpty`). Wake
 * `sync-network-offers` after the commit.
 */
export async function createOfferRun(
  tx: Tx,
  run: { integrationId: bigint; trigger: 'schedule' | 'manual'; acceptEmpty?: boolean },
): Promise<CreatedRun> {
  const { integrationId, trigger, acceptEmpty = false } = run;
  const once = await createOnce(
    tx,
    { integration_id: integrationId, kind: 'offers', trigger, accept_empty: acceptEmpty },
    () => joinWaiting(tx, integrationId, acceptEmpty),
  );
  if (once.created) await addCatalogueSlice(tx, once.id, SLICE_PRIORITY.refresh);
  return once;
}

/**
 * What became of an id that somebody wanted imported: `waiting` until the run gets to it. `unknown`: the network's
 * catalogue does not hold it, for this API key.
 */
export type ImportResult = 'waiting' | 'imported' | 'already_imported' | 'deleted' | 'unknown';

export interface ImportItem {
  readonly external_id: string;
  readonly result: ImportResult;
}

/**
 * Creates a run that imports the offers of these ids, in a catalogue fetched for it. Somebody waits for it, so it goes
 * before refreshes. Wake `sync-network-offers` after the commit.
 */
export async function createImportRun(
  tx: Tx,
  run: { integrationId: bigint; externalIds: readonly string[] },
): Promise<{ id: bigint }> {
  const items: ImportItem[] = [...new Set(run.externalIds)].map((id) => ({ external_id: id, result: 'waiting' }));
  const id = await addUniqueRun(tx, {
    integration_id: run.integrationId,
    kind: 'offer_import',
    trigger: 'manual',
    items: JSON.stringify(items),
  });
  await addCatalogueSlice(tx, id, SLICE_PRIORITY.live);
  return { id };
}

/** The items of an import run, in the order in which they were asked for. */
export async function readImportItems(db: Database, runId: bigint): Promise<ImportItem[]> {
  const row = await db.selectFrom('sync_runs').select('items').where('id', '=', runId).executeTakeFirst();
  return (row?.items ?? []) as unknown as ImportItem[];
}

/** True when somebody asked for the run to be cancelled, or it ended already. */
export async function isRunUnwanted(db: Database, runId: bigint): Promise<boolean> {
  const { rows } = await sql<{ unwanted: boolean }>`
    SELECT cancel_requested_at IS NOT NULL OR status NOT IN ('queued', 'running') AS unwanted
    FROM sync_runs WHERE id = ${runId}`.execute(db);
  return rows[0]?.unwanted ?? true;
}

/** Ends a run of offers as succeeded, in the transaction that applies its catalogue. */
export async function succeedOfferRun(tx: Tx, run: { id: bigint; items: readonly ImportItem[] | null }): Promise<void> {
  const { id, items } = run;
  const count = (...results: ImportResult[]): number =>
    items === null ? 0 : items.filter((item) => results.includes(item.result)).length;
  await sql`
    UPDATE sync_runs SET status = 'succeeded', finished_at = clock_timestamp(),
      items = coalesce(${items === null ? null : JSON.stringify(items)}::jsonb, items),
      inserted = inserted + ${count('imported')}, unchanged = unchanged + ${count('already_imported')},
      rejected = rejected + ${count('unknown', 'deleted')}
    WHERE id = ${id} AND status = 'running'`.execute(tx);
  await sql`
    UPDATE sync_schedules s SET last_succeeded_at = greatest(s.last_succeeded_at, r.finished_at)
    FROM sync_runs r
    WHERE r.id = ${id} AND r.kind = 'offers' AND s.integration_id = r.integration_id
      AND s.kind = 'offers'`.execute(tx);
}
