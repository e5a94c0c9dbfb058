import type { Database } from '../connection/connection.js';

/** A message as the platform sent it. */
export interface MessageRow {
  readonly account_id: string;
  readonly message_id: string;
  readonly creative_id: string | null;
  readonly offer_id: string | null;
  readonly campaign_id: string | null;
  /** Null as well where it was erased. */
  readonly contact_id: string | null;
  readonly contact_erased_at: Date | null;
  readonly sent_at: Date;
  readonly received_at: Date;
}

/** A click as the platform sent it. */
export interface ClickRow {
  readonly account_id: string;
  readonly click_id: string;
  readonly message_id: string;
  readonly offer_id: string | null;
  readonly clicked_at: Date;
  readonly is_bot: boolean;
  readonly received_at: Date;
}

/** One message of an account; null when it was never sent, or is dropped. */
export async function readMessage(db: Database, accountId: string, messageId: string): Promise<MessageRow | null> {
  const row = await db
    .selectFrom('messages')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('message_id', '=', messageId)
    .executeTakeFirst();
  return row ?? null;
}

/** One click of an account; null when it was never sent, or is dropped. */
export async function readClick(db: Database, accountId: string, clickId: string): Promise<ClickRow | null> {
  const row = await db
    .selectFrom('clicks')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('click_id', '=', clickId)
    .executeTakeFirst();
  return row ?? null;
}
