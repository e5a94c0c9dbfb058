import { sql } from 'kysely';
import type { Database, Tx } from '../connection/connection.js';

/** Tables that are passed over, in this order: a message is free once its last click is gone. */
export const RETAINED_TABLES = ['clicks', 'messages', 'integration_log', 'postbacks', 'sync_runs'] as const;
export type RetainedTable = (typeof RETAINED_TABLES)[number];

/** A long pass is followed by a long pause, so that looking never takes more than a part of the time. */
const PAUSE_PER_PASS = 20;
const PAUSE_MIN = '1 minute';
const PAUSE_MAX = '1 day';

/** Where a pass goes on; its row is locked until the transaction ends. */
export interface PassTurn {
  readonly table: RetainedTable;
  readonly firstBlock: number;
}

/** Claims the next turn of a table's pass; null while it is not due, or another process has it. */
export async function claimPass(tx: Tx, table: RetainedTable): Promise<PassTurn | null> {
  const { rows } = await sql<{ next_block: string }>`
    SELECT next_block::text FROM retention_passes
    WHERE table_name = ${table} AND (next_block > 0 OR finished_at IS NULL OR clock_timestamp() > finished_at
      + least(greatest((finished_at - started_at) * ${PAUSE_PER_PASS}, ${PAUSE_MIN}::interval), ${PAUSE_MAX}::interval))
    FOR UPDATE SKIP LOCKED`.execute(tx);
  const row = rows[0];
  return row === undefined ? null : { table, firstBlock: Number(row.next_block) };
}

/** Moves the pass on, in the transaction that drops; `nextBlock` null when it has come to its end. */
export async function advancePass(
  tx: Tx,
  { table, firstBlock }: PassTurn,
  { nextBlock, dropped }: { nextBlock: number | null; dropped: number },
): Promise<void> {
  await sql`
    UPDATE retention_passes SET next_block = ${nextBlock ?? 0},
      started_at = CASE WHEN ${firstBlock}::bigint = 0 THEN clock_timestamp() ELSE started_at END,
      dropped = CASE WHEN ${firstBlock}::bigint = 0 THEN 0 ELSE dropped END + ${dropped},
      finished_at = CASE WHEN ${nextBlock === null} THEN clock_timestamp() ELSE finished_at END
    WHERE table_name = ${table}`.execute(tx);
}

export interface PassState {
  readonly table: string;
  /** Seconds since a pass last came to its end; before the first one, since there was a table to pass over. */
  readonly ageSeconds: number;
}

/** How long ago each pass came to its end. */
export async function readPasses(db: Database): Promise<PassState[]> {
  const { rows } = await sql<PassState>`
    SELECT table_name AS table,
      extract(epoch FROM clock_timestamp() - coalesce(finished_at, created_at))::float8 AS "ageSeconds"
    FROM retention_passes ORDER BY table_name`.execute(db);
  return rows;
}
