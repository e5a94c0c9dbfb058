import { hash } from 'node:crypto';

/** A transaction of TUNE: within one integration, though its id says its account only. */
export interface TransactionName {
  readonly integrationId: bigint;
  /** `transactionIdOf` its account and key. */
  readonly transactionId: string;
}

/** The function hash_in_account of the migrations: 16 bytes that stand for a text within an account, as a UUID. */
function hashInAccount(accountId: string, what: string): string {
  const hex = hash('sha256', `${Buffer.byteLength(accountId)}:${accountId}${what}`, 'hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}

/** The id of the transaction with this key (`transactionKey`, `postbackTransactionKey`). */
export function transactionIdOf(accountId: string, key: string): string {
  return hashInAccount(accountId, key);
}

/** What a click or a message is looked for by in transaction_lookups. */
export function lookupKeyOf(accountId: string, kind: 'click' | 'message', id: string): string {
  return hashInAccount(accountId, `${kind}:${id}`);
}
