import { sql } from 'kysely';
import type { Tx } from '../connection/connection.js';

/** Why a run failed although all that it read is stored, settled and on the books. */
export interface ShortRun {
  readonly code: 'report_incomplete' | 'rows_unreadable';
  readonly message: string;
}

/**
 * Says that a run is going to fail although it goes on: something is not whole, and the rest is stored and settled
 * first. The first reason stays.
 */
export async function willFailIncomplete(tx: Tx, runId: bigint, message: string): Promise<void> {
  await sql`
    UPDATE sync_runs SET incomplete = ${message}
    WHERE id = ${runId} AND status = 'running' AND incomplete IS NULL`.execute(tx);
}

/**
 * Fails a run that would have succeeded, where not everything was whole, or where none of the rows that it read could
 * be used. Its window is covered all the same: every row is kept, and read again when rules or settings change. Call it
 * in the transaction that ends the run, before what its schedules remember is moved. Null when the run is fine.
 */
export async function failShortRun(tx: Tx, runId: bigint): Promise<ShortRun | null> {
  const { rows } = await sql<ShortRun>`
    UPDATE sync_runs SET status = 'failed',
      error_code = CASE WHEN incomplete IS NULL THEN 'rows_unreadable' ELSE 'report_incomplete' END,
      error_message = coalesce(incomplete, 'None of the ' || fetched || ' rows of the report could be read; they are kept')
    WHERE id = ${runId} AND status = 'succeeded' AND kind IN ('conversions', 'backfill', 'changes')
      AND (incomplete IS NOT NULL OR (fetched > 0 AND rejected >= fetched))
    RETURNING error_code AS code, error_message AS message`.execute(tx);
  return rows[0] ?? null;
}
