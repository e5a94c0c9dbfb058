import { sql } from 'kysely';
import type { Database } from './connection.js';
import { notParked } from './parking/parked-items.js';

export interface SettleBacklog {
  readonly transactionsDue: number;
  readonly oldestDueSeconds: number;
  /** Parked transactions, which are counted nowhere else here. */
  readonly parked: number;
  readonly entriesUnnumbered: number;
  /** Seconds since the oldest entry was booked that the relay has not numbered. */
  readonly relayLagSeconds: number;
  readonly marks: number;
  /** Seconds since the oldest accepted postback was received that is not in the books yet. */
  readonly oldestPostbackSeconds: number;
}

interface DueRow {
  due: number;
  oldest: number | null;
  parked: number;
  entries: number;
  lag: number | null;
  marks: number;
  postback: number | null;
}

/** What the books are behind with, in transactions and seconds; what is parked waits for something else. */
export async function readSettleBacklog(db: Database): Promise<SettleBacklog> {
  const { rows } = await sql<DueRow>`
    SELECT d.due, d.oldest, d.parked, u.entries, u.lag,
      (SELECT count(*)::float8 FROM reopen_marks m WHERE ${notParked('late_fact', 'm.id')}) AS marks,
      (SELECT extract(epoch FROM clock_timestamp() - min(p.received_at))::float8 FROM postbacks p
        WHERE p.conversion_id IS NULL AND p.refused_code IS NULL AND ${notParked('postback', 'p.id')}) AS postback
    FROM (
      SELECT count(*)::float8 AS due, extract(epoch FROM clock_timestamp() - min(t.due_since))::float8 AS oldest,
        (SELECT count(*)::float8 FROM parked_items WHERE kind = 'transaction') AS parked
      FROM transactions t WHERE t.due_since IS NOT NULL AND ${notParked('transaction', 't.id')}
    ) d, (
      SELECT count(*)::float8 AS entries, extract(epoch FROM clock_timestamp() - min(e.created_at))::float8 AS lag
      FROM ledger_unnumbered u JOIN ledger_entries e ON e.id = u.entry_id
      WHERE ${notParked('ledger', 'e.integration_id')}
    ) u`.execute(db);
  const row = rows[0];
  return {
    transactionsDue: row?.due ?? 0,
    oldestDueSeconds: Math.max(0, row?.oldest ?? 0),
    parked: row?.parked ?? 0,
    entriesUnnumbered: row?.entries ?? 0,
    relayLagSeconds: Math.max(0, row?.lag ?? 0),
    marks: row?.marks ?? 0,
    oldestPostbackSeconds: Math.max(0, row?.postback ?? 0),
  };
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
    FROM transactions t
    JOIN conversions c ON c.transaction_id = t.id
    LEFT JOIN attributions a ON a.conversion_id = c.id
    WHERE t.due_since IS NOT NULL AND a.conversion_id IS NULL AND NOT c.is_test AND c.status <> 'rejected'
    GROUP BY c.currency ORDER BY c.currency LIMIT ${currenciesMax}`.execute(db);
  return rows.map(({ currency, amount }) => ({ currency, amountE5: BigInt(amount) }));
}
