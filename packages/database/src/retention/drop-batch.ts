import { sql, type RawBuilder } from 'kysely';
import type { Database, Tx } from '../connection/connection.js';
import { inTransaction } from '../connection/retry-transaction.js';
import { dropClicks, dropMessages } from '../facts/drop-facts.js';
import { dropLogLines } from '../integrations/drop-log-lines.js';
import { dropRefused } from '../postbacks/drop-refused.js';
import { dropEndedRuns } from '../runs/drop-ended-runs.js';
import { daysAgo, pagesOf, type OldRows } from './age.js';
import { holdDecisions } from './hold-facts.js';
import { WINDOW_MARGIN_DAYS, type LongWindow } from './long-windows.js';
import { advancePass, claimPass, type RetainedTable } from './passes.js';

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

/** Days for which the facts of the account of a row `k` are kept. */
function daysOfAccount({ clicksDays, longWindows }: Retention): RawBuilder<unknown> {
  if (longWindows.length === 0) return sql`${clicksDays}::int`;
  const accounts = longWindows.map(({ accountId }) => accountId);
  const days = longWindows.map(({ windowDays }) => windowDays + WINDOW_MARGIN_DAYS);
  return sql`coalesce((SELECT w.days FROM unnest(${accounts}::text[], ${days}::int[]) w (account_id, days)
    WHERE w.account_id = k.account_id COLLATE "default"), ${clicksDays}::int)`;
}

interface Drop {
  /** Facts are dropped while nothing is decided. */
  readonly facts: boolean;
  readonly drop: (tx: Tx, old: OldRows) => Promise<number>;
}

const DROPS: Readonly<Record<RetainedTable, Drop>> = {
  clicks: { facts: true, drop: dropClicks },
  messages: { facts: true, drop: dropMessages },
  integration_log: { facts: false, drop: dropLogLines },
  postbacks: { facts: false, drop: dropRefused },
  sync_runs: { facts: false, drop: dropEndedRuns },
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
    const { facts, drop } = DROPS[table];
    // Only then is anything looked at: a statement sees what was committed before it began.
    if (facts) await holdDecisions(tx, retention.waitMs);
    const end = turn.firstBlock + retention.blocks;
    const before = daysAgo(facts ? daysOfAccount(retention) : sql`${retention.logDays}::int`);
    const dropped = await drop(tx, { pages: pagesOf(turn.firstBlock, end), before });
    const finished = end >= (await countBlocks(tx, table));
    await advancePass(tx, turn, { nextBlock: finished ? null : end, dropped });
    return { dropped, finished };
  });
}
