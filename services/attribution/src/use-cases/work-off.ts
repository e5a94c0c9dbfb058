import {
  admitPostbacks,
  inTransaction,
  isStoreAway,
  reattributeBatch,
  relayLedger,
  reopenMarked,
  reportUnconfirmed,
  type Database,
} from '@trackly-tune/database';
import { setTimeout as sleep } from 'node:timers/promises';
import { FULL_PACE, paceAfter } from '../domain/pace.js';
import { finishRuns, type RunFinished } from './finish-runs.js';
import { settleDue } from './settle-due.js';
import { settleOneByOne, type ReportPutAside } from './settle-one-by-one.js';

export interface WorkOffOptions {
  readonly db: Database;
  readonly signal: AbortSignal;
  /** Transactions per database transaction: bounds memory and the length of locks. */
  readonly batchTransactionsMax: number;
  readonly onPutAside: ReportPutAside;
  readonly onRunFinished: RunFinished;
}

export interface WorkedOff {
  readonly marks: number;
  readonly transactions: number;
  readonly decisions: number;
  readonly entries: number;
}

const MARKS_MAX = 2_000;
const UNCONFIRMED_MAX = 1_000;
const RELAY_ENTRIES_MAX = 5_000;

async function settleBatch(options: WorkOffOptions) {
  const { db, batchTransactionsMax: transactionsMax } = options;
  try {
    return await settleDue(db, { transactionsMax });
  } catch (error) {
    if (isStoreAway(error)) throw error;
    await settleOneByOne(db, transactionsMax, options.onPutAside);
    return { transactions: 0, decisions: 0, entries: 0 };
  }
}

/** At most half of a batch, so that what is pulled meanwhile is settled beside it. */
function reattribute({ db, batchTransactionsMax }: WorkOffOptions): Promise<boolean> {
  const conversionsMax = Math.max(1, Math.floor(batchTransactionsMax / 2));
  return inTransaction(db, (tx) => reattributeBatch(tx, conversionsMax));
}

/**
 * Works off whatever is due, in turns until nothing is: late facts re-open, postbacks are let in, transactions are
 * settled, entries are numbered, runs finish, re-attributions re-open. Needs no input: a lost signal only makes it start
 * later (law 8). Rests between turns while postbacks come in faster than they can be booked.
 */
export async function workOff(options: WorkOffOptions): Promise<WorkedOff> {
  const { db, signal } = options;
  const sum = { marks: 0, transactions: 0, decisions: 0, entries: 0 };
  let pace = FULL_PACE;
  let before: { behind: number; at: number } | null = null;
  while (!signal.aborted) {
    const beganAt = performance.now();
    const { marks } = await inTransaction(db, (tx) => reopenMarked(tx, MARKS_MAX));
    const { admitted, behind } = await inTransaction(db, (tx) => admitPostbacks(tx, pace.postbacksMax));
    const at = performance.now();
    const batch = await settleBatch(options);
    const numbered = await relayLedger(db, RELAY_ENTRIES_MAX);
    sum.marks += marks;
    sum.transactions += batch.transactions;
    sum.decisions += batch.decisions;
    sum.entries += batch.entries;
    // In each turn: a run that is settled does not wait until everybody else's work is done.
    await finishRuns(db, RELAY_ENTRIES_MAX, options.onRunFinished);
    await inTransaction(db, (tx) => reportUnconfirmed(tx, UNCONFIRMED_MAX));
    // Last: what is wrong with one of them holds up nothing else.
    const reattributed = await reattribute(options);
    if (!reattributed && marks === 0 && admitted === 0 && batch.transactions === 0 && numbered === 0) break;
    if (before !== null) {
      const came = admitted + behind - before.behind;
      pace = paceAfter({ pace, admitted, came, sinceMs: at - before.at, workMs: performance.now() - beganAt });
      // The signal ends the rest as well.
      if (pace.restMs > 0) await sleep(pace.restMs, undefined, { signal }).catch(() => undefined);
    }
    before = { behind, at };
  }
  return sum;
}
