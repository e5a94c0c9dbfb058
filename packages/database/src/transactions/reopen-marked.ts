import { sql } from 'kysely';
import type { Database, Tx } from '../connection/connection.js';
import { notParked, type ParkableItem } from '../parking/parked-items.js';
import { reopenTransactions, type DueCause } from './mark-due.js';

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
  const { rows } = await sql<{ marks: number; id: bigint | null; cause: DueCause }>`
    WITH taken AS (
      DELETE FROM reopen_marks WHERE id IN (
        SELECT m.id FROM reopen_marks m WHERE ${wanted} ORDER BY m.id LIMIT ${marksMax} FOR UPDATE SKIP LOCKED)
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
    )
    SELECT n.marks, f.id, f.cause
    FROM (SELECT count(*)::float8 AS marks FROM taken) n
    LEFT JOIN (SELECT transaction_id AS id, min(cause) AS cause FROM found GROUP BY transaction_id) f ON true`.execute(
    tx,
  );
  const found = rows.flatMap(({ id, cause }) => (id === null ? [] : [{ id, cause }]));
  const reopened = await reopenTransactions(tx, found, { background: false });
  return { marks: rows[0]?.marks ?? 0, reopened };
}

/** The marks that `reopenMarked` would take next. */
export async function nextMarks(db: Database, marksMax: number): Promise<ParkableItem[]> {
  const { rows } = await sql<ParkableItem>`
    SELECT m.id, m.account_id AS "accountId", NULL::bigint AS "integrationId" FROM reopen_marks m
    WHERE ${WAITING} ORDER BY m.id LIMIT ${marksMax}`.execute(db);
  return rows;
}
