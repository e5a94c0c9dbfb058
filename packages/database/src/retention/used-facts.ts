import { sql } from 'kysely';

/*
 * Used: looked for by a transaction, or named by a decision or a click. A transaction writes what it looks for before it is
 * decided, and keeps it for ever, so that decisions name nothing else; they are asked all the same, of whichever account:
 * too much is kept, never too little. `OFFSET 0` keeps PostgreSQL from turning a look for one row into a join with all.
 */

const looked = (account: string, kind: 'click' | 'message', id: string): string =>
  `EXISTS (SELECT FROM transaction_lookups l WHERE l.key = hash_in_account(${account}, '${kind}:' || ${id}) OFFSET 0)`;

/** Of a click `k`: its transaction's own id says that it looks for the click of its `ad_id` (see `addLookups`). */
export const CLICK_IS_USED = sql.raw(`(${looked('k.account_id', 'click', 'k.click_id')}
  OR EXISTS (SELECT FROM conversions c WHERE c.transaction_id = hash_in_account(k.account_id, 'ad:' || k.click_id) OFFSET 0)
  OR EXISTS (SELECT FROM decisions d WHERE d.message_id = k.message_id AND d.click_id = k.click_id OFFSET 0))`);

/** Of a message `k`. */
export const MESSAGE_IS_USED = sql.raw(`(${looked('k.account_id', 'message', 'k.message_id')}
  OR EXISTS (SELECT FROM clicks c WHERE c.account_id = k.account_id AND c.message_id = k.message_id OFFSET 0)
  OR EXISTS (SELECT FROM decisions d WHERE d.message_id = k.message_id OFFSET 0))`);
