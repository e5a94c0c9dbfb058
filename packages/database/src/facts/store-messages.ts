import { sql } from 'kysely';
import type { Tx } from '../connection/connection.js';
import { takeIn, type FactKind, type IntakeOutcome } from './intake.js';
import { recordset } from '../connection/recordset.js';

/** A message as the platform sent it. Times count to the millisecond. */
export interface MessageFact {
  readonly accountId: string;
  readonly messageId: string;
  readonly creativeId: string | null;
  readonly offerId: string | null;
  readonly campaignId: string | null;
  readonly contactId: string | null;
  readonly sentAt: Date;
}

const keyOf = (accountId: string, messageId: string): string => JSON.stringify([accountId, messageId]);

/** A message as it is kept. One whose contact was erased says nothing about it any more. */
interface KeptMessage extends MessageFact {
  readonly contactErased?: boolean;
}

const contentOf = ({ creativeId, offerId, campaignId, sentAt }: MessageFact): string =>
  JSON.stringify([creativeId, offerId, campaignId, sentAt]);

const MESSAGES: FactKind<KeptMessage> = {
  keyOf: (message) => keyOf(message.accountId, message.messageId),

  // Whatever contact an erased message comes with, it is the same: a conflict would tell that it is another.
  isSame: (stored, message) =>
    contentOf(stored) === contentOf(message) &&
    (stored.contactErased === true || stored.contactId === message.contactId),

  async insertNew(tx, messages) {
    const records = messages.map((message) => ({
      account_id: message.accountId,
      message_id: message.messageId,
      creative_id: message.creativeId,
      offer_id: message.offerId,
      campaign_id: message.campaignId,
      contact_id: message.contactId,
      sent_at: message.sentAt,
    }));
    // Sorted, since two calls that insert the same keys in different orders would wait for each other for ever.
    const { rows } = await sql<{ account_id: string; message_id: string }>`
      WITH added AS (
        INSERT INTO messages (account_id, message_id, creative_id, offer_id, campaign_id, contact_id, sent_at)
        SELECT account_id, message_id, creative_id, offer_id, campaign_id, contact_id, sent_at
        FROM ${recordset(
          records,
          `account_id text, message_id text, creative_id text, offer_id text, campaign_id text, contact_id text,
          sent_at timestamptz`,
        )}
        ORDER BY account_id COLLATE "C", message_id COLLATE "C"
        ON CONFLICT DO NOTHING
        RETURNING account_id, message_id
      ), marked AS (
        INSERT INTO reopen_marks (account_id, kind, key) SELECT account_id, 'message', message_id FROM added
      )
      SELECT account_id, message_id FROM added`.execute(tx);
    return rows.map((row) => keyOf(row.account_id, row.message_id));
  },

  async readStored(tx, messages) {
    const keys = messages.map((message) => ({ account_id: message.accountId, message_id: message.messageId }));
    const { rows } = await sql<{
      account_id: string;
      message_id: string;
      creative_id: string | null;
      offer_id: string | null;
      campaign_id: string | null;
      contact_id: string | null;
      contact_erased: boolean;
      sent_at: Date;
    }>`
      SELECT m.account_id, m.message_id, m.creative_id, m.offer_id, m.campaign_id, m.contact_id,
        m.contact_erased_at IS NOT NULL AS contact_erased, m.sent_at
      FROM ${recordset(keys, 'account_id text, message_id text')}
      JOIN messages m ON m.account_id = r.account_id AND m.message_id = r.message_id`.execute(tx);
    return rows.map((row) => ({
      accountId: row.account_id,
      messageId: row.message_id,
      creativeId: row.creative_id,
      offerId: row.offer_id,
      campaignId: row.campaign_id,
      contactId: row.contact_id,
      contactErased: row.contact_erased,
      sentAt: row.sent_at,
    }));
  },
};

/**
 * Stores messages that are not known yet, each with a mark that re-opens what waited for it (law 5). Tells, in the
 * order given, which were stored, which were there already and which differ from what is there.
 */
export async function storeMessages(tx: Tx, messages: readonly MessageFact[]): Promise<IntakeOutcome[]> {
  return takeIn(tx, MESSAGES, messages);
}
