import { sql } from 'kysely';

/*
 * Used: looked for by a transaction, or named by a decision or a click. A transaction writes what it looks for before it is
 * decided, and keeps it for ever, so that decisions name nothing else; they are asked all the same, since that costs
 * nothing where nothing does. `OFFSET 0` keeps PostgreSQL from turning a look for one row into a join with all.
 */

const looked = (kind: 'click' | 'message', id: string): string =>
  `EXISTS (SELECT FROM transaction_lookups l WHERE l.key = hash_in_account(k.account_id, '${kind}:' || ${id}) OFFSET 0)`;

const decided = (condition: string): string =>
  `EXISTS (SELECT FROM decisions d
    JOIN conversions n ON n.id = d.conversion_id
    JOIN integrations i ON i.id = n.integration_id AND i.account_id = k.account_id
    WHERE d.message_id = k.message_id${condition} OFFSET 0)`;

/** Of a click `k`: its transaction's own id says that it looks for the click of its `ad_id` (see `addLookups`). */
export const CLICK_IS_USED = sql.raw(`(${looked('click', 'k.click_id')}
  OR EXISTS (SELECT FROM conversions c WHERE c.transaction_id = hash_in_account(k.account_id, 'ad:' || k.click_id) OFFSET 0)
  OR ${decided(' AND d.click_id = k.click_id')})`);

/** Of a message `k`. */
export const MESSAGE_IS_USED = sql.raw(`(${looked('message', 'k.message_id')}
  OR EXISTS (SELECT FROM clicks c WHERE c.account_id = k.account_id AND c.message_id = k.message_id OFFSET 0)
  OR ${decided('')})`);
