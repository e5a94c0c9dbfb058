import { sql } from 'kysely';
import type { Tx } from '../connection/connection.js';
import { recordset } from '../connection/recordset.js';
import type { TransactionName } from './transaction-id.js';

/** What made a transaction due; the first of several stands until it is settled. */
export type DueCause = 'pull' | 'postback' | 'late_click' | 'late_message' | 'reattribution';

export interface DueTransaction extends TransactionName {
  readonly cause: DueCause;
}

/**
 * Marks transactions as due, in the transaction that stores their facts, and locks them: whoever adds facts to one that
 * is being settled waits here until that is over. `background` work is settled after live work, and stays in the
 * background only where nothing live asked for it. Returns how many there were.
 */
export async function markDue(
  tx: Tx,
  transactions: readonly DueTransaction[],
  options: { background: boolean },
): Promise<number> {
  if (transactions.length === 0) return 0;
  const wanted = transactions.map(({ integrationId, transactionId, cause }) => ({
    integration_id: integrationId,
    transaction_id: transactionId,
    cause,
  }));
  const { numAffectedRows } = await sql`
    INSERT INTO due_transactions AS t (integration_id, transaction_id, cause, background)
    SELECT integration_id, transaction_id, min(cause), ${options.background}::boolean
    FROM ${recordset(wanted, 'integration_id bigint, transaction_id uuid, cause decision_cause')}
    GROUP BY integration_id, transaction_id ORDER BY integration_id, transaction_id
    ON CONFLICT (integration_id, transaction_id) DO UPDATE SET background = excluded.background AND t.background`.execute(
    tx,
  );
  return Number(numAffectedRows ?? 0n);
}

/** Ends the claim: the transactions are settled as of their facts under the lock. */
export async function markSettled(tx: Tx, dueIds: readonly bigint[]): Promise<void> {
  await sql`
    DELETE FROM due_transactions
    WHERE background IN (false, true) AND id = ANY(${dueIds}::bigint[])`.execute(tx);
}
