import {
  admitPostbacks,
  inTransaction,
  nextDue,
  nextMarks,
  nextPostbacks,
  nextReattribution,
  nextUnconfirmed,
  nextUnnumbered,
  reattributeBatch,
  relayLedger,
  reopenMarked,
  reportUnconfirmed,
  type AdmittedPostbacks,
  type Database,
  type ParkedWait,
} from '@trackly-tune/database';
import type { ParkableWork, Parking } from '@trackly-tune/service-stores';
import { finishRuns, giveUpRun, type RunEnded } from './finish-runs.js';
import { settleDue, type SettledBatch } from './settle-due.js';

export interface BooksWorkOptions extends ParkedWait {
  readonly db: Database;
  readonly parking: Parking;
  /** Transactions per database transaction: bounds memory and the length of locks. */
  readonly batchTransactionsMax: number;
  readonly onRunEnded: RunEnded;
}

/** Everything that leads from facts to books, each done in sets, and singly where a set fails. */
export interface BooksWork {
  /** Late facts re-open transactions; returns how many marks were taken. */
  readonly reopen: ParkableWork<number>;
  readonly admit: (postbacksMax: number) => ParkableWork<AdmittedPostbacks>;
  readonly settle: ParkableWork<SettledBatch>;
  /** Numbers ledger entries; returns how many. */
  readonly relay: ParkableWork<number>;
  /** Numbers all that there is. */
  readonly relayAll: () => Promise<void>;
  readonly finish: ParkableWork<void>;
  readonly report: ParkableWork<number>;
  /** Re-attributions re-open; false when there was nothing to re-open. */
  readonly reattribute: ParkableWork<boolean>;
}

const MARKS_MAX = 2_000;
const UNCONFIRMED_MAX = 1_000;
const RELAY_ENTRIES_MAX = 5_000;

export const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

/** Puts together what is done on the way from facts to books. */
export function createBooksWork(options: BooksWorkOptions): BooksWork {
  const { db, parking, batchTransactionsMax } = options;
  // At most half of a batch, so that what is pulled meanwhile is settled beside it.
  const reattributedMax = Math.max(1, Math.floor(batchTransactionsMax / 2));

  /** An integration that was parked may have more entries than one transaction numbers. */
  async function relayIntegrations(only: readonly bigint[]): Promise<number> {
    let entries = 0;
    for (let last = RELAY_ENTRIES_MAX; last === RELAY_ENTRIES_MAX; entries += last) {
      last = await relayLedger(db, RELAY_ENTRIES_MAX, only);
    }
    return entries;
  }

  const relay: ParkableWork<number> = {
    kind: 'ledger',
    work: (only) => (only === null ? relayLedger(db, RELAY_ENTRIES_MAX) : relayIntegrations(only)),
    next: () => nextUnnumbered(db, RELAY_ENTRIES_MAX),
  };

  async function relayAll(): Promise<void> {
    while (sum(await parking.attempt(relay)) >= RELAY_ENTRIES_MAX);
  }

  return {
    reopen: {
      kind: 'late_fact',
      work: async (only) => (await inTransaction(db, (tx) => reopenMarked(tx, MARKS_MAX, only))).marks,
      next: () => nextMarks(db, MARKS_MAX),
    },
    admit: (postbacksMax) => ({
      kind: 'postback',
      work: (only) => inTransaction(db, (tx) => admitPostbacks(tx, postbacksMax, only)),
      next: () => nextPostbacks(db, postbacksMax),
    }),
    settle: {
      kind: 'transaction',
      work: (only) => settleDue(db, { transactionsMax: batchTransactionsMax, only }),
      next: () => nextDue(db, batchTransactionsMax),
    },
    relay,
    relayAll,
    finish: finishRuns({ ...options, relay: relayAll }),
    report: {
      kind: 'unconfirmed_postback',
      work: (only) => inTransaction(db, (tx) => reportUnconfirmed(tx, UNCONFIRMED_MAX, only)),
      next: () => nextUnconfirmed(db, UNCONFIRMED_MAX),
    },
    reattribute: {
      kind: 'reattribution',
      work: (only) => inTransaction(db, (tx) => reattributeBatch(tx, reattributedMax, only)),
      next: () => nextReattribution(db),
      giveUp: (item) => giveUpRun(db, item),
    },
  };
}
