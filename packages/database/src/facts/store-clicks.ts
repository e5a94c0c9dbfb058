import { sql } from 'kysely';
import type { Tx } from '../connection/connection.js';
import { takeIn, type FactKind, type IntakeOutcome } from './intake.js';
import { recordset } from '../connection/recordset.js';

/** A click as the platform saw it. Times count to the millisecond. */
export interface ClickFact {
  readonly accountId: string;
  readonly clickId: string;
  readonly messageId: string;
  readonly offerId: string | null;
  readonly clickedAt: Date;
  readonly isBot: boolean;
}

const keyOf = (accountId: string, clickId: string): string => JSON.stringify([accountId, clickId]);

const contentOf = (click: ClickFact): string =>
  JSON.stringify([click.messageId, click.offerId, click.clickedAt, click.isBot]);

const CLICKS: FactKind<ClickFact> = {
  keyOf: (click) => keyOf(click.accountId, click.clickId),

  isSame: (stored, click) => contentOf(stored) === contentOf(click),

  async insertNew(tx, clicks) {
    const records = clicks.map((click) => ({
      account_id: click.accountId,
      click_id: click.clickId,
      message_id: click.messageId,
      offer_id: click.offerId,
      clicked_at: click.clickedAt,
      is_bot: click.isBot,
    }));
    // Sorted, since two calls that insert the same keys in different orders would wait for each other for ever.
    const { rows } = await sql<{ account_id: string; click_id: string }>`
      WITH added AS (
        INSERT INTO clicks (account_id, click_id, message_id, offer_id, clicked_at, is_bot)
        SELECT account_id, click_id, message_id, offer_id, clicked_at, is_bot
        FROM ${recordset(
          records,
          `account_id text, click_id text, message_id text, offer_id text, clicked_at timestamptz, is_bot boolean`,
        )}
        ORDER BY account_id COLLATE "C", click_id COLLATE "C"
        ON CONFLICT DO NOTHING
        RETURNING account_id, click_id
      ), marked AS (
        INSERT INTO reopen_marks (account_id, kind, key) SELECT account_id, 'click', click_id FROM added
      )
      SELECT account_id, click_id FROM added`.execute(tx);
    return rows.map((row) => keyOf(row.account_id, row.click_id));
  },

  async readStored(tx, clicks) {
    const keys = clicks.map((click) => ({ account_id: click.accountId, click_id: click.clickId }));
    const { rows } = await sql<{
      account_id: string;
      click_id: string;
      message_id: string;
      offer_id: string | null;
      clicked_at: Date;
      is_bot: boolean;
    }>`
      SELECT c.account_id, c.click_id, c.message_id, c.offer_id, c.clicked_at, c.is_bot
      FROM ${recordset(keys, 'account_id text, click_id text')}
      JOIN clicks c ON c.account_id = r.account_id AND c.click_id = r.click_id`.execute(tx);
    return rows.map((row) => ({
      accountId: row.account_id,
      clickId: row.click_id,
      messageId: row.message_id,
      offerId: row.offer_id,
      clickedAt: row.clicked_at,
      isBot: row.is_bot,
    }));
  },
};

/**
 * Stores clicks that are not known yet, each with a mark that re-opens what waited for it (law 5). Tells, in the
 * order given, which were stored, which were there already and which differ from what is there.
 */
export async function storeClicks(tx: Tx, clicks: readonly ClickFact[]): Promise<IntakeOutcome[]> {
  return takeIn(tx, CLICKS, clicks);
}
