import { sql, type RawBuilder } from 'kysely';
import { inTransaction } from '../connection/retry-transaction.js';
import type { Database, Tx } from '../connection/connection.js';
import { holdDecisions } from './hold-facts.js';
import { WINDOW_MARGIN_DAYS, type LongWindow } from './long-windows.js';
import { advancePass, claimPass, type RetainedTable } from './passes.js';
import { CLICK_IS_USED, MESSAGE_IS_USED } from './used-facts.js';

export interface Retention {
  readonly clicksDays: number;
  readonly logDays: number;
  /** Accounts whose facts are kept longer. */
  readonly longWindows: readonly LongWindow[];
  /** Pages of 8 KiB that one batch looks at. */
  readonly blocks: number;
  /** A batch of facts gives up when decisions are being made for longer than this. */
  readonly waitMs: number;
}

export interface DroppedBatch {
  readonly dropped: number;
  /** True when the pass came to the end of the table. */
  readonly finished: boolean;
}

type Drop = (tx: Tx, pages: RawBuilder<unknown>, retention: Retention) => Promise<number>;

/** Before when a record of this age is old; `k` is the row. */
const before = (days: RawBuilder<unknown>): RawBuilder<unknown> => sql`clock_timestamp() - ${days} * interval '1 day'`;

/** Days for which an account's facts are kept, of a row `k`. */
function daysOfAccount({ clicksDays, longWindows }: Retention): RawBuilder<unknown> {
  if (longWindows.length === 0) return sql`${clicksDays}::int`;
  const accounts = longWindows.map(({ accountId }) => accountId);
  const days = longWindows.map(({ windowDays }) => windowDays + WINDOW_MARGIN_DAYS);
  return sql`coalesce((SELECT w.days FROM unnest(${accounts}::text[], ${days}::int[]) w (account_id, days)
    WHERE w.account_id = k.account_id COLLATE "default"), ${clicksDays}::int)`;
}

function dropFacts(table: 'clicks' | 'messages', isUsed: RawBuilder<unknown>): Drop {
  return async (tx, pages, retention) => {
    // Only then is anything looked at: a statement sees what was committed before it began.
    await holdDecisions(tx, retention.waitMs);
    const { numAffectedRows } = await sql`
      DELETE FROM ${sql.ref(table)} k WHERE ${pages} AND k.received_at < ${before(daysOfAccount(retention))}
        AND NOT ${isUsed}`.execute(tx);
    return Number(numAffectedRows ?? 0n);
  };
}

function dropOld(table: 'integration_log' | 'postbacks', condition: RawBuilder<unknown>): Drop {
  return async (tx, pages, { logDays }) => {
    const { numAffectedRows } = await sql`
      DELETE FROM ${sql.ref(table)} k WHERE ${pages} AND ${condition} < ${before(sql`${logDays}::int`)}`.execute(tx);
    return Number(numAffectedRows ?? 0n);
  };
}

/** Ended runs with what hangs on them. The last one of each kind stays: it says how the integration stands. */
const dropRuns: Drop = async (tx, pages, { logDays }) => {
  const { rows } = await sql<{ runs: number }>`
    WITH old AS MATERIALIZED (
      SELECT k.id FROM sync_runs k
      WHERE ${pages} AND k.finished_at < ${before(sql`${logDays}::int`)} AND EXISTS (
        SELECT FROM sync_runs later WHERE later.integration_id = k.integration_id AND later.kind = k.kind
          AND later.finished_at IS NOT NULL AND later.id > k.id OFFSET 0)
    ), pages AS (
      DELETE FROM catalogue_pages WHERE slice_id IN (SELECT id FROM sync_slices WHERE run_id IN (SELECT id FROM old))
    ), slices AS (DELETE FROM sync_slices WHERE run_id IN (SELECT id FROM old)
    ), reattributed AS (DELETE FROM reattributions WHERE run_id IN (SELECT id FROM old)
    ), runs AS (DELETE FROM sync_runs WHERE id IN (SELECT id FROM old) RETURNING 1)
    SELECT count(*)::int AS runs FROM runs`.execute(tx);
  return rows[0]?.runs ?? 0;
};

const DROPS: Readonly<Record<RetainedTable, Drop>> = {
  clicks: dropFacts('clicks', CLICK_IS_USED),
  messages: dropFacts('messages', MESSAGE_IS_USED),
  integration_log: dropOld('integration_log', sql`k.at`),
  // Accepted ones are facts: what they say is in the books, and a repetition must find them.
  postbacks: dropOld('postbacks', sql`k.refused_code IS NOT NULL AND k.received_at`),
  sync_runs: dropRuns,
};

async function countBlocks(tx: Tx, table: RetainedTable): Promise<number> {
  const { rows } = await sql<{ blocks: number }>`
    SELECT ceil(pg_relation_size(${table}::regclass) / current_setting('block_size')::float8)::float8 AS blocks`.execute(
    tx,
  );
  return rows[0]?.blocks ?? 0;
}

/**
 * Looks at the next few pages of a table and drops what is old there and used by nothing, in a transaction of its own.
 * Null when nothing is due, or another process is at it. What a killed process had not committed is looked at again.
 */
export async function dropBatch(
  db: Database,
  table: RetainedTable,
  retention: Retention,
): Promise<DroppedBatch | null> {
  return inTransaction(db, async (tx) => {
    const turn = await claimPass(tx, table);
    if (turn === null) return null;
    const end = turn.firstBlock + retention.blocks;
    const pages = sql`k.ctid >= ${`(${turn.firstBlock},0)`}::tid AND k.ctid < ${`(${end},0)`}::tid`;
    const dropped = await DROPS[table](tx, pages, retention);
    const finished = end >= (await countBlocks(tx, table));
    await advancePass(tx, turn, { nextBlock: finished ? null : end, dropped });
    return { dropped, finished };
  });
}
