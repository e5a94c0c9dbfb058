import { createHash } from 'node:crypto';
import type { Api } from './call-api.js';

export interface MessageRecord {
  readonly account_id: string;
  readonly message_id: string;
  readonly creative_id: string;
  readonly campaign_id: string;
  readonly sent_at: string;
}

export interface ClickRecord {
  readonly account_id: string;
  readonly click_id: string;
  readonly message_id: string;
  readonly clicked_at: string;
}

export interface PlatformFacts {
  readonly messages: readonly MessageRecord[];
  readonly clicks: readonly ClickRecord[];
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const CREATIVES = ['spring-hero', 'plain-text', 'two-buttons'];
const CAMPAIGNS = ['newsletter', 'win-back'];
/** Before the days on which conversions are planted. */
const SENT_DAYS_AGO = 9;

function messageIdOf(name: string, index: number): string {
  const bytes = createHash('sha256').update(`${name} ${index}`).digest();
  return Array.from(bytes.subarray(0, 8), (byte) => ALPHABET[byte % ALPHABET.length]).join('');
}

/** Messages of a name that are the same at each call, and a click for two thirds of them. */
export function makeFacts(accountId: string, name: string, count: number): PlatformFacts {
  const sentAt = Date.now() - SENT_DAYS_AGO * 86_400_000;
  const messages = Array.from({ length: count }, (_, index): MessageRecord => ({
    account_id: accountId,
    message_id: messageIdOf(name, index),
    creative_id: CREATIVES[index % CREATIVES.length] ?? '',
    campaign_id: CAMPAIGNS[index % CAMPAIGNS.length] ?? '',
    sent_at: new Date(sentAt + index * 1_000).toISOString(),
  }));
  const clicks = messages
    .filter((_, index) => index % 3 !== 0)
    .map(({ account_id, message_id, sent_at }, index): ClickRecord => ({
      account_id,
      click_id: `clk-${name}-${index}`,
      message_id,
      clicked_at: new Date(Date.parse(sent_at) + 3_600_000).toISOString(),
    }));
  return { messages, clicks };
}

/** Sends records as the platform does: again and again until they are answered. Throws when one is refused. */
export async function record(api: Api, { messages, clicks }: PlatformFacts): Promise<void> {
  for (const [path, records] of [
    ['/v1/messages', messages],
    ['/v1/clicks', clicks],
  ] as const) {
    if (records.length === 0) continue;
    const { success_count, duplicates_skipped, errors } = await api.insist<{
      success_count: number;
      duplicates_skipped: number;
      errors: readonly object[];
    }>('POST', path, { records });
    // What a lost answer had stored counts as a duplicate the second time.
    if (success_count + duplicates_skipped !== records.length) throw new Error(`${path}: ${JSON.stringify(errors)}`);
  }
}
