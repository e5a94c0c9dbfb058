import { sql } from 'kysely';
import type { Database } from '../connection/connection.js';

export interface KnownIds {
  /** Those of the ids asked for that are messages or clicks of the account. */
  readonly messages: ReadonlySet<string>;
  readonly clicks: ReadonlySet<string>;
  /** Whether the account has any at all: without them, an unknown id says nothing. */
  readonly hasMessages: boolean;
  readonly hasClicks: boolean;
}

/** Which of some ids are messages or clicks of an account, at most a thousand of each. */
export async function findKnownIds(
  db: Database,
  accountId: string,
  ids: { messageIds: readonly string[]; clickIds: readonly string[] },
): Promise<KnownIds> {
  const { rows } = await sql<{ messages: string[]; clicks: string[]; has_messages: boolean; has_clicks: boolean }>`
    SELECT
      ARRAY(SELECT message_id FROM messages
        WHERE account_id = ${accountId} AND message_id = ANY(${ids.messageIds}::text[])) AS messages,
      ARRAY(SELECT click_id FROM clicks
        WHERE account_id = ${accountId} AND click_id = ANY(${ids.clickIds}::text[])) AS clicks,
      EXISTS (SELECT 1 FROM messages WHERE account_id = ${accountId}) AS has_messages,
      EXISTS (SELECT 1 FROM clicks WHERE account_id = ${accountId}) AS has_clicks`.execute(db);
  const row = rows[0];
  return {
    messages: new Set(row?.messages ?? []),
    clicks: new Set(row?.clicks ?? []),
    hasMessages: row?.has_messages ?? false,
    hasClicks: row?.has_clicks ?? false,
  };
}
