import { sql } from 'kysely';
import type { Tx } from '../connection/connection.js';

/** What one batch of an erasure took out. */
export interface ErasedBatch {
  /** Messages of each contact that this batch took it out of. */
  readonly messages: ReadonlyMap<string, number>;
  /** Nothing of these contacts is left behind this batch. */
  readonly isLast: boolean;
}

/**
 * Takes contacts out of at most `messagesMax` messages of an account, and marks these. Contacts come in the order of
 * their ids, so that two erasures at once take their locks in one order, and the next batch may leave out what stands
 * before the last contact of this one. What the messages earned is not touched: the books name no contact.
 */
export async function eraseContacts(
  tx: Tx,
  accountId: string,
  contactIds: readonly string[],
  messagesMax: number,
): Promise<ErasedBatch> {
  const { rows } = await sql<{ contact_id: string; messages: number }>`
    WITH found AS MATERIALIZED (
      SELECT c.contact_id, m.message_id
      FROM (SELECT DISTINCT contact_id COLLATE "C" AS contact_id
        FROM unnest(${contactIds}::text[]) AS given (contact_id) ORDER BY 1) c
      CROSS JOIN LATERAL (
        SELECT message_id FROM messages m WHERE m.account_id = ${accountId} AND m.contact_id = c.contact_id COLLATE "default"
        FOR UPDATE) m
      LIMIT ${messagesMax}
    ), erased AS (
      UPDATE messages m SET contact_id = NULL, contact_erased_at = clock_timestamp()
      FROM found f WHERE m.account_id = ${accountId} AND m.message_id = f.message_id
      RETURNING f.contact_id
    )
    SELECT contact_id, count(*)::float8 AS messages FROM erased GROUP BY contact_id ORDER BY contact_id`.execute(tx);
  const messages = new Map(rows.map((row) => [row.contact_id, row.messages]));
  const total = rows.reduce((sum, row) => sum + row.messages, 0);
  return { messages, isLast: total < messagesMax };
}
