import { sql } from 'kysely';
import type { BooksScope } from '../books/books-scope.js';
import type { Database, Tx } from '../connection/connection.js';
import type { ParkedKind } from './parked-items.js';

/** Where a parked transaction stands: it cannot be settled, or its entries cannot be numbered. */
export type ParkedStage = 'settling' | 'numbering';

export interface ParkedTransactionRow {
  /** Of the first conversion of the transaction, which has no other number. */
  readonly id: bigint;
  readonly integration_id: bigint;
  readonly account_id: string;
  /** TUNE's transaction id; null where it has none. */
  readonly ad_id: string | null;
  readonly stage: ParkedStage;
  /** What is parked. */
  readonly kind: ParkedKind;
  readonly item_id: bigint;
  readonly failures: number;
  readonly since: Date;
  readonly tried_at: Date;
  readonly not_before: Date;
  readonly error_code: string;
  /** The first of its conversions, at most 20. */
  readonly conversion_ids: readonly string[];
}

const SHOWN = sql.raw(`p.kind, p.item_id, p.failures, p.since, p.tried_at, p.not_before, p.error_code`);

/** Transactions that cannot be settled, and those of parked ledgers: with entries that have no number. */
const PARKED = sql`
  SELECT DISTINCT ON (integration_id, transaction_id) * FROM (
    SELECT t.integration_id, t.transaction_id, 'settling' AS stage, ${SHOWN}
    FROM parked_items p JOIN due_transactions t ON t.integration_id = p.integration_id AND t.id = p.item_id
    WHERE p.kind = 'transaction'
    UNION ALL
    SELECT c.integration_id, c.transaction_id, 'numbering' AS stage, ${SHOWN}
    FROM parked_items p
    JOIN ledger_unnumbered u ON u.integration_id = p.item_id
    CROSS JOIN LATERAL unnest(u.conversion_ids) AS e (conversion_id)
    JOIN conversions c ON c.id = e.conversion_id
    WHERE p.kind = 'ledger'
  ) each ORDER BY integration_id, transaction_id, stage DESC`;

/** TUNE's id of the transaction, out of whatever version says the one that it is known by. */
const AD_ID = sql`(
  SELECT f.ad_id FROM conversion_versions v
  CROSS JOIN LATERAL (SELECT coalesce(v.ad_id, v.facts->>'ad_id', v.facts->>'txn_id') AS ad_id) f
  WHERE v.conversion_id = ANY(k.ids) AND hash_in_account(i.account_id, 'ad:' || f.ad_id) = p.transaction_id LIMIT 1)`;

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
        : sql`AND p.integration_id = ${scope.integrationId}`;
  const one = id === undefined ? sql`` : sql`AND k.ids[1] = ${id}`;
  const { rows } = await sql<ParkedTransactionRow>`
    WITH parked AS (${PARKED})
    SELECT k.ids[1] AS id, p.integration_id, i.account_id, ${AD_ID} AS ad_id, p.stage, p.kind, p.item_id, p.failures,
      p.since, p.tried_at, p.not_before, p.error_code, k.ids[1:20]::text[] AS conversion_ids
    FROM parked p JOIN integrations i ON i.id = p.integration_id
    CROSS JOIN LATERAL (SELECT array_agg(c.id ORDER BY c.id) AS ids FROM conversions c
      WHERE c.transaction_id = p.transaction_id AND c.integration_id = p.integration_id) k
    WHERE k.ids[1] > ${page.after} ${mine} ${one} ORDER BY k.ids[1] LIMIT ${page.limit}`.execute(db);
  return rows;
}

/** A parked transaction by its id; null when there is none, also when it was parked before and went through. */
export async function findParkedTransaction(db: Database | Tx, id: bigint): Promise<ParkedTransactionRow | null> {
  return (await listParkedTransactions(db, { id }, { after: 0n, limit: 1 }))[0] ?? null;
}

/** A person asks for it: ends the pause of what holds the transaction up. It is tried within seconds. */
export async function endPause(tx: Tx, { kind, item_id: itemId }: ParkedTransactionRow): Promise<void> {
  await sql`
    UPDATE parked_items SET not_before = least(not_before, clock_timestamp())
    WHERE kind = ${kind} AND item_id = ${itemId}`.execute(tx);
}
