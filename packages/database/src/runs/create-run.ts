import { sql, type InsertObject } from 'kysely';
import type { Tx } from '../connection/connection.js';
import { ConcurrentChangeError } from '../connection/retry-transaction.js';
import type { DB } from '../generated/tables.js';

/** A run that was created, or one that is there already and is the same wish. */
export interface CreatedRun {
  readonly id: bigint;
  readonly created: boolean;
}

/** What a run of its kind begins with; the table's defaults are the rest. */
export type NewRun = InsertObject<DB, 'sync_runs'> & { readonly trigger: 'schedule' | 'manual' };

/** Adds a run; null when a unique key finds that one of the same wish is in its way. */
export async function addRun(tx: Tx, run: NewRun): Promise<bigint | null> {
  const added = await tx
    .insertInto('sync_runs')
    .values(run)
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  return added?.id ?? null;
}

/** Adds a run that nothing can be in the way of. */
export async function addUniqueRun(tx: Tx, run: NewRun): Promise<bigint> {
  const id = await addRun(tx, run);
  if (id === null) throw new Error('A run was not stored, though nothing can be in its way');
  return id;
}

/** The run of the same kind and window that is in one of these states. */
export async function findSameRun(
  tx: Tx,
  run: NewRun,
  statuses: readonly ('queued' | 'running')[],
): Promise<bigint | null> {
  const found = await tx
    .selectFrom('sync_runs')
    .select('id')
    .where('integration_id', '=', run.integration_id)
    .where('kind', '=', run.kind)
    .where('status', 'in', statuses)
    .where('window_from', sql`IS NOT DISTINCT FROM`, run.window_from ?? null)
    .where('window_to', sql`IS NOT DISTINCT FROM`, run.window_to ?? null)
    .executeTakeFirst();
  return found?.id ?? null;
}

/**
 * Adds a run, or finds the one in its way. Between the two it may have begun or ended: then neither is there for this
 * wish, and the whole transaction is tried again. Throws ConcurrentChangeError for that, which `inTransaction` retries.
 *
 * @param find null when it is not in the way any more
 */
export async function createOnce(tx: Tx, run: NewRun, find: () => Promise<bigint | null>): Promise<CreatedRun> {
  const added = await addRun(tx, run);
  if (added !== null) return { id: added, created: true };
  const found = await find();
  if (found === null) throw new ConcurrentChangeError('The run in the way has just begun or ended');
  return { id: found, created: false };
}
