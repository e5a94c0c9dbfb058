import { sql } from 'kysely';
import type { Database, Tx } from '../connection/connection.js';
import { notParked, type ParkableItem } from '../parking/parked-items.js';
import { markDue, type DueTransaction as DueRow } from './mark-due.js';

const WAITING = notParked('late_fact', 'm.id');

/**
 * Turns marks of late messages and clicks into due transactions: exactly those that look for them, or whose click
 * belongs to the message. Returns how many marks were taken (law 5: in a later transaction, from a durable mark).
 *
 * @param only the marks with these ids, parked or not; the next ones by default
 */
export async function reopenMarked(
  tx: Tx,
  marksMax: number,
  only: readonly bigint[] | null = null,
): Promise<{ marks: number; reopened: number }> {
  const wanted = only === null ? WAITING : sql`m.id = ANY(${only}::bigint[])`;
  const { rows } = await sql<{ marks: number; found: boolean } & DueRow>`
    WITH taken AS (
      DELETE FROM reopen_marks WHERE id IN (
        SELECT m.id FROM reopen_marks m WHERE ${wanted} ORDER BY m.id LIMIT ${marksMax} FOR UPDATE SKIP LOCKED)
      RETURNING account_id, kind, key
    ), sought AS (
      SELECT account_id, kind, key, 'late_' || kind AS cause FROM taken
      UNION ALL
      SELECT c.account_id, 'click', c.click_id, 'late_message'
      FROM taken t JOIN clicks c ON c.account_id = t.account_id AND c.message_id = t.key WHERE t.kind = 'message'
    ), ids AS (
      SELECT hash_in_account(account_id, 'ad:' || key) AS transaction_id, cause FROM sought WHERE kind = 'click'
      UNION ALL
      SELECT l.transaction_id, s.cause
      FROM sought s JOIN transaction_lookups l ON l.key = hash_in_account(s.account_id, s.kind || ':' || s.key)
    ), found AS (
      SELECT c.integration_id, c.transaction_id, min(i.cause) AS cause
      FROM ids i JOIN conversions c ON c.transaction_id = i.transaction_id
      GROUP BY c.integration_id, c.transaction_id
    )
    SELECT n.marks, f.integration_id IS NOT NULL AS found, f.integration_id AS "integrationId",
      f.transaction_id AS "transactionId", f.cause
    FROM (SELECT count(*)::float8 AS marks FROM taken) n LEFT JOIN found f ON true`.execute(tx);
  const found = rows.filter((row) => row.found);
  const reopened = await markDue(tx, found, { background: false });
  return { marks: rows[0]?.marks ?? 0, reopened };
}

/** The marks that `reopenMarked` would take next. */
export async function nextMarks(db: Database, marksMax: number): Promise<ParkableItem[]> {
  const { rows } = await sql<ParkableItem>`
    SELECT m.id, m.account_id AS "accountId", NULL::bigint AS "integrationId" FROM reopen_marks m
    WHERE ${WAITING} ORDER BY m.id LIMIT ${marksMax}`.execute(db);
  return rows;
}
