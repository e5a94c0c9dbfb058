import { inTransaction, isStoreAway, nextDueIds, putAside, type Database } from '@trackly-tune/database';
import { settleDue } from './settle-due.js';

export type ReportPutAside = (transactionId: bigint, failures: number, error: unknown) => void;

/**
 * After a batch failed: settles its transactions singly, so that one that cannot be settled holds up no other. Such
 * a one is put aside for a while, stays due, and is reported. A database that is away is nobody's fault: rethrown.
 */
export async function settleOneByOne(db: Database, transactionsMax: number, report: ReportPutAside): Promise<void> {
  for (const id of await nextDueIds(db, transactionsMax)) {
    try {
      await settleDue(db, { transactionsMax: 1, only: id });
    } catch (error) {
      if (isStoreAway(error)) throw error;
      report(id, await inTransaction(db, (tx) => putAside(tx, id)), error);
    }
  }
}
