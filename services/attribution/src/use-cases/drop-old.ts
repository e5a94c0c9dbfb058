import { setTimeout as sleep } from 'node:timers/promises';
import {
  dropBatch,
  readLongWindows,
  RETAINED_TABLES,
  type Database,
  type LongWindow,
  type RetainedTable,
} from '@trackly-tune/database';
import { codeOf } from '@trackly-tune/domain';

export interface DropOldOptions {
  readonly db: Database;
  /** RETENTION_CLICKS_DAYS. */
  readonly clicksDays: number;
  /** RETENTION_LOG_DAYS. */
  readonly logDays: number;
  readonly signal: AbortSignal;
  /** Told of each batch; also of one that found nothing to drop. */
  readonly onDropped: (table: RetainedTable, rows: number) => void;
  /** One table could not be worked on; the others are. */
  readonly onFailed: (table: RetainedTable, error: unknown) => void;
  /** Told of the accounts whose click windows keep facts longer, each time. */
  readonly onLongWindows: (windows: readonly LongWindow[]) => void;
}

/** Pages of 8 KiB a batch. */
const BLOCKS = 16;
const WAIT_MS = 200;
/** A batch is followed by a pause that is four times as long, so that others have most of the time. */
const PAUSE_PER_BATCH = 4;
/** Then the other tables have their turn. */
const TABLE_BUDGET_MS = 30_000;
const LOCK_NOT_AVAILABLE = '55P03';

async function passOver(options: DropOldOptions, table: RetainedTable, longWindows: readonly LongWindow[]) {
  const { db, clicksDays, logDays, signal, onDropped } = options;
  const startedMs = performance.now();
  while (!signal.aborted && performance.now() - startedMs < TABLE_BUDGET_MS) {
    const batchMs = performance.now();
    const batch = await dropBatch(db, table, { clicksDays, logDays, longWindows, blocks: BLOCKS, waitMs: WAIT_MS });
    if (batch === null) return;
    onDropped(table, batch.dropped);
    if (batch.finished) return;
    await sleep((performance.now() - batchMs) * PAUSE_PER_BATCH, undefined, { signal });
  }
}

/**
 * Drops what is old and used by nothing, table after table, as far as their passes are due, for some seconds each. One
 * table that fails stops no other. Any number of copies may run.
 */
export async function dropOld(options: DropOldOptions): Promise<void> {
  const longWindows = await readLongWindows(options.db, options.clicksDays);
  options.onLongWindows(longWindows);
  for (const table of RETAINED_TABLES) {
    try {
      await passOver(options, table, longWindows);
    } catch (error) {
      if (options.signal.aborted) return;
      // Decisions were being made all the time: later.
      if (codeOf(error) !== LOCK_NOT_AVAILABLE) options.onFailed(table, error);
    }
  }
}
