import { sql } from 'kysely';
import type { Database, Tx } from '../connection/connection.js';
import { findEach } from '../connection/find-each.js';
import { notParked, type ParkableItem } from '../parking/parked-items.js';
import { recordset } from '../connection/recordset.js';
import { markDue, type DueCause, type DueTransaction } from './mark-due.js';
import { lookupKeyOf, transactionIdOf } from './transaction-id.js';

const WAITING = notParked('late_fact', 'm.id');

interface Mark {
  readonly account_id: string;
  readonly kind: 'click' | 'message';
  readonly key: string;
}

/** An id of a click or a message, under which transactions may have looked in vain. */
type Sought = Mark & { readonly cause: DueCause };

async function takeMarks(tx: Tx, marksMax: number, only: readonly bigint[] | null): Promise<Mark[]> {
  const wanted = only === null ? WAITING : sql`m.id = ANY(${only}::bigint[])`;
  const { rows } = await sql<Mark>`
    DELETE FROM reopen_marks WHERE id IN (
      SELECT m.id FROM reopen_marks m WHERE ${wanted} ORDER BY m.id LIMIT ${marksMax} FOR UPDATE SKIP LOCKED)
    RETURNING account_id, kind, key`.execute(tx);
  return rows;
}

/** The clicks that lead to these messages. */
async function clicksOf(tx: Tx, messages: readonly Mark[]): Promise<Mark[]> {
  if (messages.length === 0) return [];
  const { rows } = await sql<Mark>`
    SELECT c.account_id, 'click' AS kind, c.click_id AS key
    FROM ${recordset(messages, 'account_id text, key text')}
    ${findEach('clicks', 'c', 'c.account_id = r.account_id AND c.message_id = r.key')}`.execute(tx);
  return rows;
}

/** The transactions that look for one of these, by their own id or by their lookups. */
async function findLooking(tx: Tx, sought: readonly Sought[]): Promise<DueTransaction[]> {
  const own = sought
    .filter(({ kind }) => kind === 'click')
    .map(({ account_id, key, cause }) => ({ transaction_id: transactionIdOf(account_id, `ad:${key}`), cause }));
  const keys = sought.map(({ account_id, kind, key, cause }) => ({ key: lookupKeyOf(account_id, kind, key), cause }));
  const { rows } = await sql<DueTransaction>`
    WITH ids AS (
      SELECT r.transaction_id, r.cause FROM ${recordset(own, 'transaction_id uuid, cause text')}
      UNION ALL
      SELECT l.transaction_id, r.cause
      FROM ${recordset(keys, 'key uuid, cause text')} ${findEach('transaction_lookups', 'l', 'l.key = r.key')}
    )
    SELECT c.integration_id AS "integrationId", c.transaction_id AS "transactionId", min(i.cause) AS cause
    FROM ids i ${findEach('conversions', 'c', 'c.transaction_id = i.transaction_id')}
    GROUP BY c.integration_id, c.transaction_id`.execute(tx);
  return rows;
}

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
  const marks = await takeMarks(tx, marksMax, only);
  if (marks.length === 0) return { marks: 0, reopened: 0 };
  const clicks = await clicksOf(
    tx,
    marks.filter(({ kind }) => kind === 'message'),
  );
  const found = await findLooking(tx, [
    ...marks.map((mark) => ({ ...mark, cause: `late_${mark.kind}` as const })),
    ...clicks.map((click) => ({ ...click, cause: 'late_message' as const })),
  ]);
  return { marks: marks.length, reopened: await markDue(tx, found, { background: false }) };
}

/** The marks that `reopenMarked` would take next. */
export async function nextMarks(db: Database, marksMax: number): Promise<ParkableItem[]> {
  const { rows } = await sql<ParkableItem>`
    SELECT m.id, m.account_id AS "accountId", NULL::bigint AS "integrationId" FROM reopen_marks m
    WHERE ${WAITING} ORDER BY m.id LIMIT ${marksMax}`.execute(db);
  return rows;
}
