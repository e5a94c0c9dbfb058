import { sql } from 'kysely';
import type { Database } from './connection.js';

export interface SettleBacklog {
  readonly transactionsDue: number;
  readonly oldestDueSeconds: number;
  /** Due transactions that failed before and wait for another try. */
  readonly putAside: number;
  /** Approved and pending amounts that no decision has placed yet, in units of 1/100,000. */
  readonly unattributed: readonly { readonly currency: string; readonly amountE5: bigint }[];
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
  aside: number;
  entries: number;
  lag: number | null;
  marks: number;
  postback: number | null;
}

/** What the books are behind with, in transactions, seconds and money. */
export async function readSettleBacklog(db: Database, currenciesMax: number): Promise<SettleBacklog> {
  const { rows } = await sql<DueRow>`
    SELECT d.due, d.oldest, d.aside, u.entries, u.lag, (SELECT count(*)::int FROM reopen_marks) AS marks,
      (SELECT extract(epoch FROM clock_timestamp() - min(received_at))::float8 FROM postbacks
        WHERE conversion_id IS NULL AND refused_code IS NULL) AS postback
    FROM (
      SELECT count(*)::int AS due, count(*) FILTER (WHERE failures > 0)::int AS aside,
        extract(epoch FROM clock_timestamp() - min(due_since))::float8 AS oldest
      FROM transactions WHERE due_since IS NOT NULL
    ) d, (
      SELECT count(*)::int AS entries, extract(epoch FROM clock_timestamp() - min(e.created_at))::float8 AS lag
      FROM ledger_unnumbered u JOIN ledger_entries e ON e.id = u.entry_id
    ) u`.execute(db);
  const money = await sql<{ currency: string; amount: bigint }>`
    SELECT c.currency, coalesce(sum(c.payout_e5), 0)::bigint AS amount
    FROM transactions t
    JOIN conversions c ON c.transaction_id = t.id
    LEFT JOIN attributions a ON a.conversion_id = c.id
    WHERE t.due_since IS NOT NULL AND a.conversion_id IS NULL AND NOT c.is_test AND c.status <> 'rejected'
    GROUP BY c.currency ORDER BY c.currency LIMIT ${currenciesMax}`.execute(db);
  const row = rows[0];
  return {
    transactionsDue: row?.due ?? 0,
    oldestDueSeconds: Math.max(0, row?.oldest ?? 0),
    putAside: row?.aside ?? 0,
    unattributed: money.rows.map(({ currency, amount }) => ({ currency, amountE5: amount })),
    entriesUnnumbered: row?.entries ?? 0,
    relayLagSeconds: Math.max(0, row?.lag ?? 0),
    marks: row?.marks ?? 0,
    oldestPostbackSeconds: Math.max(0, row?.postback ?? 0),
  };
}
