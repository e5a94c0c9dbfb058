import { sql } from 'kysely';
import type { Tx } from '../connection/connection.js';
import { recordset } from '../connection/recordset.js';
import { lookupKeyOf, transactionIdOf } from './transaction-id.js';

/** Where a record of a transaction looks: ids of clicks and messages. */
export interface RecordSearch {
  readonly clicks: readonly { readonly key: string }[];
  readonly message: { readonly value: string } | null;
}

export interface TransactionSearch {
  readonly accountId: string;
  readonly transactionId: string;
  readonly search: RecordSearch;
}

/** The keys under which a transaction looks; its own id says already that it looks for the click of its `ad_id`. */
function keysOf({ accountId, transactionId, search: { clicks, message } }: TransactionSearch): string[] {
  return [
    ...clicks
      .filter(({ key }) => transactionIdOf(accountId, `ad:${key}`) !== transactionId)
      .map(({ key }) => lookupKeyOf(accountId, 'click', key)),
    ...(message === null ? [] : [lookupKeyOf(accountId, 'message', message.value)]),
  ];
}

/**
 * Writes under which ids transactions look, in the transaction that makes them look there and under their locks: a
 * late click or message finds them by these. What is there already costs no write.
 */
export async function addLookups(tx: Tx, searches: readonly TransactionSearch[]): Promise<void> {
  const lookups = searches.flatMap((search) =>
    keysOf(search).map((key) => ({ key, transaction_id: search.transactionId })),
  );
  if (lookups.length === 0) return;
  await sql`
    INSERT INTO transaction_lookups (key, transaction_id)
    SELECT DISTINCT key, transaction_id FROM ${recordset(lookups, 'key uuid, transaction_id uuid')}
    ORDER BY key, transaction_id
    ON CONFLICT DO NOTHING`.execute(tx);
}
