import { createHash } from 'node:crypto';

export interface DemoMessage {
  readonly message_id: string;
  readonly creative_id: string;
  readonly campaign_id: string;
  readonly contact_id: string;
  readonly offer_id: string;
  readonly sent_at: string;
}

export interface DemoClick {
  readonly click_id: string;
  readonly message_id: string;
  readonly offer_id: string;
  readonly clicked_at: string;
}

export interface DemoFacts {
  readonly messages: readonly DemoMessage[];
  readonly clicks: readonly DemoClick[];
}

const MESSAGES = 120;
const CREATIVES = ['spring-hero', 'plain-text', 'two-buttons', 'countdown'];
const CAMPAIGNS = ['march-newsletter', 'win-back'];
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const DAY_MS = 86_400_000;
/** Sent before the days on which the demo's conversions happen. */
const SENT_DAYS_AGO = 9;

/** Eight characters that look random and are the same at each run; case matters. */
function messageId(network: string, index: number): string {
  const bytes = createHash('sha256').update(`${network} ${index}`).digest();
  return Array.from(bytes.subarray(0, 8), (byte) => ALPHABET[byte % ALPHABET.length]).join('');
}

/** The messages of a network's campaigns, and a click for two thirds of them. */
export function makeFacts(network: string, offerIds: readonly string[], now: number): DemoFacts {
  const messages = Array.from({ length: MESSAGES }, (_, index): DemoMessage => ({
    message_id: messageId(network, index),
    creative_id: CREATIVES[index % CREATIVES.length] ?? '',
    campaign_id: CAMPAIGNS[index % CAMPAIGNS.length] ?? '',
    contact_id: `contact-${index}`,
    offer_id: offerIds[index % offerIds.length] ?? '',
    sent_at: new Date(now - SENT_DAYS_AGO * DAY_MS + index * 60_000).toISOString(),
  }));
  const clicks = messages
    .filter((_, index) => index % 3 !== 0)
    .map(({ message_id, offer_id, sent_at }, index): DemoClick => ({
      click_id: `clk-${network}-${index}`,
      message_id,
      offer_id,
      clicked_at: new Date(Date.parse(sent_at) + 3_600_000).toISOString(),
    }));
  return { messages, clicks };
}
