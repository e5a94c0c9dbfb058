import type pg from 'pg';

const CREATIVES = 8;
const CAMPAIGNS = 4;

export const messageIdOf = (index: number): string => `M${String(index).padStart(7, '0')}`;
export const clickIdOf = (index: number): string => `clk-${String(index).padStart(12, '0')}`;

/**
 * Messages and clicks as the platform sends them, in sets: message n is that of click n, n + messages, … Nothing is
 * waiting for them, so they leave no marks.
 */
export async function loadFacts(
  db: pg.Pool,
  facts: { accountId: string; messages: number; clicks: number; sentAt: string; clickedAt: string },
): Promise<void> {
  const { accountId, messages, clicks, sentAt, clickedAt } = facts;
  await db.query(
    `INSERT INTO messages (account_id, message_id, creative_id, campaign_id, contact_id, sent_at)
     SELECT $1, 'M' || lpad(n::text, 7, '0'), 'creative-' || n % ${CREATIVES}, 'campaign-' || n % ${CAMPAIGNS},
       'contact-' || n, $3 FROM generate_series(0, $2::int - 1) n`,
    [accountId, messages, sentAt],
  );
  await db.query(
    `INSERT INTO clicks (account_id, click_id, message_id, clicked_at)
     SELECT $1, 'clk-' || lpad(n::text, 12, '0'), 'M' || lpad((n % $3::int)::text, 7, '0'), $4
     FROM generate_series(0, $2::int - 1) n`,
    [accountId, clicks, messages, clickedAt],
  );
}
