import { sql } from 'kysely';
import { searchOfPostback, searchOfRow, type Candidates, type Click, type Message } from '@trackly-tune/domain';
import type { Database } from '../connection/connection.js';
import { findEach } from '../connection/find-each.js';
import { recordset } from '../connection/recordset.js';
import type { LoadedConversion } from './load-conversions.js';

type LookupRequest = { account_id: string; key: string };

/**
 * The clicks and messages that these conversions could belong to, by account: accounts are walls (law 16). One
 * statement for all clicks, one for all messages.
 */
export async function loadCandidates(
  db: Database,
  conversions: readonly LoadedConversion[],
): Promise<ReadonlyMap<string, Candidates>> {
  const clickKeys: LookupRequest[] = [];
  const messageKeys: LookupRequest[] = [];
  for (const { accountId, record } of conversions) {
    const search =
      record.source === 'pull' ? searchOfRow(record.facts, record.settings) : searchOfPostback(record.facts);
    for (const { key } of search.clicks) clickKeys.push({ account_id: accountId, key });
    if (search.message !== null) messageKeys.push({ account_id: accountId, key: search.message.value });
  }
  const clicks = await sql<{
    account_id: string;
    click_id: string;
    message_id: string;
    clicked_at: Date;
    is_bot: boolean;
  }>`
    SELECT c.account_id, c.click_id, c.message_id, c.clicked_at, c.is_bot
    FROM (SELECT DISTINCT account_id, key FROM ${recordset(clickKeys, 'account_id text, key text')}) k
    ${findEach('clicks', 'c', 'c.account_id = k.account_id AND c.click_id = k.key')}`.execute(db);
  for (const click of clicks.rows) messageKeys.push({ account_id: click.account_id, key: click.message_id });
  const messages = await sql<{
    account_id: string;
    message_id: string;
    creative_id: string | null;
    campaign_id: string | null;
  }>`
    SELECT m.account_id, m.message_id, m.creative_id, m.campaign_id
    FROM (SELECT DISTINCT account_id, key FROM ${recordset(messageKeys, 'account_id text, key text')}) k
    ${findEach('messages', 'm', 'm.account_id = k.account_id AND m.message_id = k.key')}`.execute(db);

  const byAccount = new Map<string, { clicks: Map<string, Click>; messages: Map<string, Message> }>();
  for (const { accountId } of conversions) {
    if (!byAccount.has(accountId)) byAccount.set(accountId, { clicks: new Map(), messages: new Map() });
  }
  for (const row of clicks.rows) {
    byAccount.get(row.account_id)?.clicks.set(row.click_id, {
      clickId: row.click_id,
      messageId: row.message_id,
      clickedAt: row.clicked_at,
      isBot: row.is_bot,
    });
  }
  for (const row of messages.rows) {
    byAccount.get(row.account_id)?.messages.set(row.message_id, {
      messageId: row.message_id,
      creativeId: row.creative_id,
      campaignId: row.campaign_id,
    });
  }
  return byAccount;
}
