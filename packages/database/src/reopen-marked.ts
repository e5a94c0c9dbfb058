import { sql } from 'kysely';
import type { Transaction } from './connection.js';

/**
 * Turns marks of late messages and clicks into due transactions: exactly those that look for them, or whose click
 * belongs to the message. Returns how many marks were taken (law 5: in a later transaction, from a durable mark).
 */
export async function reopenMarked(tx: Transaction, marksMax: number): Promise<{ marks: number; reopened: number }> {
  const { rows } = await sql<{ marks: number; reopened: number }>`
    WITH taken AS (
      DELETE FROM reopen_marks WHERE id IN (
        SELECT id FROM reopen_marks ORDER BY id LIMIT ${marksMax} FOR UPDATE SKIP LOCKED)
      RETURNING account_id, kind, key
    ), found AS (
      SELECT l.transaction_id, 'late_' || t.kind AS cause
      FROM taken t JOIN transaction_lookups l USING (account_id, kind, key)
      UNION ALL
      SELECT l.transaction_id, 'late_message'
      FROM taken t
      JOIN clicks c ON c.account_id = t.account_id AND c.message_id = t.key
      JOIN transaction_lookups l ON l.account_id = c.account_id AND l.kind = 'click' AND l.key = c.click_id
      WHERE t.kind = 'message'
    ), locked AS (
      SELECT t.id FROM transactions t WHERE t.id IN (SELECT transaction_id FROM found) ORDER BY t.id FOR UPDATE
    ), reopened AS (
      UPDATE transactions t
      SET due_since = coalesce(t.due_since, clock_timestamp()), cause = coalesce(t.cause, f.cause), not_before = NULL,
        background = false
      FROM (SELECT transaction_id, min(cause) AS cause FROM found GROUP BY transaction_id) f
      WHERE t.id = f.transaction_id AND t.id IN (SELECT id FROM locked)
      RETURNING t.id
    )
    SELECT (SELECT count(*) FROM taken)::int AS marks, (SELECT count(*) FROM reopened)::int AS reopened`.execute(tx);
  return rows[0] ?? { marks: 0, reopened: 0 };
}
