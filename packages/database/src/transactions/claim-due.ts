import { sql } from 'kysely';
import type { Database, Tx } from '../connection/connection.js';
import { notParked, type ParkableItem } from '../parking/parked-items.js';
import type { DueTransaction } from './mark-due.js';

/** A due transaction that this database transaction holds. */
export interface ClaimedTransaction extends DueTransaction {
  /** Of its row among the due ones. */
  readonly dueId: bigint;
}

const UNPARKED = notParked('transaction', 't.id');

/**
 * Locks the next due transactions, live work before background work, then oldest ids first, passing over those that
 * another copy holds. The locks last as long as the transaction: whatever is decided is written in the same one.
 * `only` claims those with these ids, parked or not.
 */
export async function claimDue(
  tx: Tx,
  options: { transactionsMax: number; only?: readonly bigint[] | null },
): Promise<ClaimedTransaction[]> {
  const { transactionsMax, only = null } = options;
  const wanted = only === null ? UNPARKED : sql`t.background IN (false, true) AND t.id = ANY(${only}::bigint[])`;
  const { rows } = await sql<ClaimedTransaction>`
    SELECT t.id AS "dueId", t.integration_id AS "integrationId", t.transaction_id AS "transactionId", t.cause
    FROM due_transactions t WHERE ${wanted}
    ORDER BY t.background, t.id LIMIT ${transactionsMax} FOR UPDATE OF t SKIP LOCKED`.execute(tx);
  return rows;
}

/** The transactions that `claimDue` would claim next, without locking them. */
export async function nextDue(db: Database, transactionsMax: number): Promise<ParkableItem[]> {
  const { rows } = await sql<ParkableItem>`
    SELECT t.id, i.account_id AS "accountId", t.integration_id AS "integrationId"
    FROM due_transactions t LEFT JOIN integrations i ON i.id = t.integration_id
    WHERE ${UNPARKED}
    ORDER BY t.background, t.id LIMIT ${transactionsMax}`.execute(db);
  return rows;
}
