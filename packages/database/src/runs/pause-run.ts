import { sql } from 'kysely';
import type { Tx } from '../connection/connection.js';

/** A backfill that still has days to read and that nobody has ended. */
const PAUSABLE = sql.raw(`kind = 'backfill' AND status IN ('queued', 'running') AND pulled_at IS NULL
  AND cancel_requested_at IS NULL`);

/**
 * Pauses a backfill at its next page; `unchanged` when it is paused already, null when it cannot be paused. It keeps
 * its place: what was read stays read.
 */
export async function pauseRun(tx: Tx, runId: bigint): Promise<'paused' | 'unchanged' | null> {
  const { rows } = await sql<{ was: Date | null }>`
    UPDATE sync_runs r SET paused_at = coalesce(r.paused_at, clock_timestamp())
    FROM (SELECT id, paused_at AS was FROM sync_runs WHERE id = ${runId} AND ${PAUSABLE} FOR UPDATE) b
    WHERE r.id = b.id RETURNING b.was`.execute(tx);
  const [row] = rows;
  return row === undefined ? null : row.was === null ? 'paused' : 'unchanged';
}

/**
 * Lets a paused backfill go on; `unchanged` when it is not paused, null when it is none that could be. Wake
 * `pull-network` after the commit.
 */
export async function resumeRun(tx: Tx, runId: bigint): Promise<'resumed' | 'unchanged' | null> {
  const { rows } = await sql<{ was: Date | null }>`
    UPDATE sync_runs r SET paused_at = NULL,
      resumed_at = CASE WHEN b.was IS NULL THEN r.resumed_at ELSE clock_timestamp() END
    FROM (SELECT id, paused_at AS was FROM sync_runs WHERE id = ${runId} AND ${PAUSABLE} FOR UPDATE) b
    WHERE r.id = b.id RETURNING b.was`.execute(tx);
  const [row] = rows;
  return row === undefined ? null : row.was === null ? 'unchanged' : 'resumed';
}
