import { sql } from 'kysely';
import type { Tx } from '../connection/connection.js';
import { recordset } from '../connection/recordset.js';

/** Where a record of a transaction looks: ids of clicks and messages. */
export interface RecordSearch {
  readonly clicks: readonly { readonly key: string }[];
  readonly message: { readonly value: string } | null;
}

export interface TransactionSearch {
  readonly accountId: string;
  readonly transactionId: bigint;
  readonly search: RecordSearch;
}

/**
 * Writes under which ids transactions look, in the transaction that makes them look there and under their locks: a
 * late click or message finds them by these. What is there already costs no write.
 */
export async function addLookups(tx: Tx, searches: readonly TransactionSearch[]): Promise<void> {
  const lookups = searches.flatMap(({ accountId, transactionId, search: { clicks, message } }) => {
    const place = { account_id: accountId, transaction_id: transactionId };
    return [
      ...clicks.map(({ key }) => ({ ...place, kind: 'click', key })),
      ...(message === null ? [] : [{ ...place, kind: 'message', key: message.value }]),
    ];
  });
  if (lookups.length === 0) return;
  await sql`
    INSERT INTO transaction_lookups (account_id, kind, key, transaction_id)
    SELECT DISTINCT account_id COLLATE "C", kind, key COLLATE "C", transaction_id
    FROM ${recordset(lookups, 'account_id text, kind text, key text, transaction_id bigint')}
    ORDER BY account_id COLLATE "C", kind, key COLLATE "C", transaction_id
    ON CONFLICT DO NOTHING`.execute(tx);
}
