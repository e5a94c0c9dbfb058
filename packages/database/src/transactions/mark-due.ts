import { sql } from 'kysely';
import type { Tx } from '../connection/connection.js';
import { recordset } from '../connection/recordset.js';

/** What made a transaction due; the first of several stands until it is settled. */
export type DueCause = 'pull' | 'postback' | 'late_click' | 'late_message' | 'reattribution';

export interface TransactionName {
  readonly integrationId: bigint;
  readonly key: string;
}

const nameOf = (integrationId: bigint, key: string): string => JSON.stringify([integrationId.toString(), key]);

/** The ids of transactions by their names. */
export interface TransactionIds {
  /** Throws for a name that was not marked. */
  of(name: TransactionName): bigint;
}

/**
 * Locks transactions and marks them as due, in the transaction that stores their facts; those that are new are made.
 * `background` work is settled after live work, and stays in the background only where nothing live asked for it.
 */
export async function markDue(
  tx: Tx,
  names: readonly TransactionName[],
  options: { cause: DueCause; background: boolean },
): Promise<TransactionIds> {
  const { cause, background } = options;
  const wanted = names.map(({ integrationId, key }) => ({ integration_id: integrationId, key }));
  const { rows } = await sql<{ id: bigint; integration_id: bigint; key: string }>`
    INSERT INTO transactions (integration_id, key, due_since, cause, background)
    SELECT integration_id, key, clock_timestamp(), ${cause}, ${background}::boolean
    FROM (SELECT DISTINCT integration_id, key COLLATE "C" AS key
      FROM ${recordset(wanted, 'integration_id bigint, key text')}) k
    ORDER BY integration_id, key
    ON CONFLICT (integration_id, key) DO UPDATE
      SET due_since = coalesce(transactions.due_since, excluded.due_since),
          cause = coalesce(transactions.cause, excluded.cause),
          background = excluded.background AND (transactions.due_since IS NULL OR transactions.background)
    RETURNING id, integration_id, key`.execute(tx);
  const ids = new Map(rows.map((row) => [nameOf(row.integration_id, row.key), row.id]));
  return {
    of({ integrationId, key }) {
      const id = ids.get(nameOf(integrationId, key));
      if (id === undefined) throw new Error(`Transaction ${key} of integration ${integrationId} was not marked`);
      return id;
    },
  };
}

/** Locks transactions that are there, so that nobody adds facts to them meanwhile. */
export async function lockTransactions(tx: Tx, transactionIds: readonly bigint[]): Promise<void> {
  await sql`
    SELECT 1 FROM transactions WHERE id = ANY(${transactionIds}::bigint[])
    ORDER BY integration_id, key FOR UPDATE`.execute(tx);
}

/** Locks transactions that are there and marks them as due again; returns how many there were. */
export async function reopenTransactions(
  tx: Tx,
  reopened: readonly { readonly id: bigint; readonly cause: DueCause }[],
  options: { background: boolean },
): Promise<number> {
  if (reopened.length === 0) return 0;
  const { numAffectedRows } = await sql`
    WITH r AS (SELECT id, min(cause) AS cause FROM ${recordset(reopened, 'id bigint, cause text')} GROUP BY id),
    locked AS (
      SELECT t.id FROM transactions t WHERE t.id IN (SELECT id FROM r) ORDER BY t.integration_id, t.key FOR UPDATE
    )
    UPDATE transactions t SET due_since = coalesce(t.due_since, clock_timestamp()), cause = coalesce(t.cause, r.cause),
      background = ${options.background}::boolean AND (t.due_since IS NULL OR t.background)
    FROM r WHERE r.id = t.id AND t.id IN (SELECT id FROM locked)`.execute(tx);
  return Number(numAffectedRows ?? 0n);
}

/** Ends the claim: the transactions are settled as of their facts under the lock. */
export async function markSettled(tx: Tx, transactionIds: readonly bigint[]): Promise<void> {
  await sql`
    UPDATE transactions SET due_since = NULL, cause = NULL
    WHERE id = ANY(${transactionIds}::bigint[])`.execute(tx);
}
