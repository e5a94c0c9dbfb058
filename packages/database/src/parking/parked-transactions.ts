import { sql } from 'kysely';
import type { BooksScope } from '../books/books-scope.js';
import type { Database, Tx } from '../connection/connection.js';

/** Where a parked transaction stands: it cannot be settled, or its entries cannot be numbered. */
export type ParkedStage = 'settling' | 'numbering';

export interface ParkedTransactionRow {
  readonly id: bigint;
  readonly integration_id: bigint;
  readonly account_id: string;
  /** `ad:…` with TUNE's transaction id, or what else tells it apart. */
  readonly key: string;
  readonly stage: ParkedStage;
  readonly failures: number;
  readonly since: Date;
  readonly tried_at: Date;
  readonly not_before: Date;
  readonly error_code: string;
  /** The first of its conversions, at most 20. */
  readonly conversion_ids: readonly string[];
}

const SHOWN = sql.raw(`p.failures, p.since, p.tried_at, p.not_before, p.error_code`);

/** Transactions of parked ledgers: those with entries that have no number. */
const NUMBERING = sql`
  SELECT DISTINCT c.transaction_id AS id, 'numbering' AS stage, ${SHOWN}
  FROM parked_items p
  JOIN ledger_unnumbered u ON u.integration_id = p.item_id
  JOIN ledger_entries e ON e.id = u.entry_id
  JOIN conversions c ON c.id = e.conversion_id
  WHERE p.kind = 'ledger'`;

const PARKED = sql`
  SELECT DISTINCT ON (id) * FROM (
    SELECT p.item_id AS id, 'settling' AS stage, ${SHOWN} FROM parked_items p WHERE p.kind = 'transaction'
    UNION ALL ${NUMBERING}
  ) each ORDER BY id, stage DESC`;

/** Parked transactions of an account or an integration in the order of their ids, behind `after` (exclusive). */
export async function listParkedTransactions(
  db: Database | Tx,
  filter: { readonly scope?: BooksScope; readonly id?: bigint },
  page: { after: bigint; limit: number },
): Promise<ParkedTransactionRow[]> {
  const { scope, id } = filter;
  const mine =
    scope === undefined
      ? sql``
      : 'accountId' in scope
        ? sql`AND i.account_id = ${scope.accountId}`
        : sql`AND t.integration_id = ${scope.integrationId}`;
  const one = id === undefined ? sql`` : sql`AND t.id = ${id}`;
  const { rows } = await sql<ParkedTransactionRow>`
    WITH parked AS (${PARKED})
    SELECT t.id, t.integration_id, i.account_id, t.key, p.stage, p.failures, p.since, p.tried_at, p.not_before,
      p.error_code, ARRAY(SELECT c.id::text FROM conversions c WHERE c.transaction_id = t.id ORDER BY c.id LIMIT 20)
        AS conversion_ids
    FROM parked p JOIN transactions t ON t.id = p.id JOIN integrations i ON i.id = t.integration_id
    WHERE t.id > ${page.after} ${mine} ${one} ORDER BY t.id LIMIT ${page.limit}`.execute(db);
  return rows;
}

/** A parked transaction by its id; null when there is none, also when it was parked before and went through. */
export async function findParkedTransaction(db: Database | Tx, id: bigint): Promise<ParkedTransactionRow | null> {
  return (await listParkedTransactions(db, { id }, { after: 0n, limit: 1 }))[0] ?? null;
}

/** A person asks for it: ends the pause of what holds the transaction up. It is tried within seconds. */
export async function endPause(tx: Tx, { id, integration_id, stage }: ParkedTransactionRow): Promise<void> {
  const [kind, itemId] = stage === 'settling' ? ['transaction', id] : ['ledger', integration_id];
  await sql`
    UPDATE parked_items SET not_before = least(not_before, clock_timestamp())
    WHERE kind = ${kind} AND item_id = ${itemId}`.execute(tx);
}
