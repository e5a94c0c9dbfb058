import { sql } from 'kysely';
import type { Database } from '../connection/connection.js';
import { notParked } from '../parking/parked-items.js';

/*
 * What the books are behind with. Each is a question of its own, so that one that cannot be answered hides no other.
 * What is parked waits for something else and is counted apart.
 */

export interface Backlog {
  readonly count: number;
  /** Of the oldest one; 0 where there is none. */
  readonly oldestSeconds: number;
}

const backlogOf = (rows: readonly { count: number; seconds: number | null }[]): Backlog => ({
  count: rows[0]?.count ?? 0,
  oldestSeconds: Math.max(0, rows[0]?.seconds ?? 0),
});

const AGE = (time: string) => sql`extract(epoch FROM clock_timestamp() - min(${sql.raw(time)}))::float8 AS seconds`;

/** Transactions that wait to be settled. */
export async function readDueBacklog(db: Database): Promise<Backlog> {
  const { rows } = await sql<{ count: number; seconds: number | null }>`
    SELECT count(*)::float8 AS count, ${AGE('t.due_since')}
    FROM due_transactions t WHERE ${notParked('transaction', 't.id')}`.execute(db);
  return backlogOf(rows);
}

/** Ledger entries that the relay has not numbered. */
export async function readRelayBacklog(db: Database): Promise<Backlog> {
  const { rows } = await sql<{ count: number; seconds: number | null }>`
    SELECT coalesce(sum(cardinality(u.entry_nos)), 0)::float8 AS count, ${AGE('u.created_at')}
    FROM ledger_unnumbered u WHERE ${notParked('ledger', 'u.integration_id')}`.execute(db);
  return backlogOf(rows);
}

/** Marks of late clicks and messages. */
export async function readMarkBacklog(db: Database): Promise<Backlog> {
  const { rows } = await sql<{ count: number; seconds: number | null }>`
    SELECT count(*)::float8 AS count, ${AGE('m.created_at')}
    FROM reopen_marks m WHERE ${notParked('late_fact', 'm.id')}`.execute(db);
  return backlogOf(rows);
}

/** Accepted postbacks that are not in the books yet. */
export async function readPostbackBacklog(db: Database): Promise<Backlog> {
  const { rows } = await sql<{ count: number; seconds: number | null }>`
    SELECT count(*)::float8 AS count, ${AGE('p.received_at')} FROM postbacks p
    WHERE p.conversion_id IS NULL AND p.refused_code IS NULL AND ${notParked('postback', 'p.id')}`.execute(db);
  return backlogOf(rows);
}

export interface UnattributedAmount {
  readonly currency: string;
  /** In units of 1/100,000; a sum, so it has no bound. */
  readonly amountE5: bigint;
}

/** Approved and pending amounts that no decision has placed yet, parked ones included. */
export async function readUnattributed(db: Database, currenciesMax: number): Promise<UnattributedAmount[]> {
  const { rows } = await sql<{ currency: string; amount: string }>`
    SELECT c.currency, coalesce(sum(c.payout_e5), 0)::text AS amount
    FROM due_transactions t
    JOIN conversions c ON c.transaction_id = t.transaction_id AND c.integration_id = t.integration_id
    WHERE NOT EXISTS (SELECT 1 FROM decisions d WHERE d.conversion_id = c.id)
      AND NOT c.is_test AND c.status <> 'rejected'
    GROUP BY c.currency ORDER BY c.currency LIMIT ${currenciesMax}`.execute(db);
  return rows.map(({ currency, amount }) => ({ currency, amountE5: BigInt(amount) }));
}
