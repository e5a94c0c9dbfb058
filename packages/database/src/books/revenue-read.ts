import { sql, type ControlledTransaction } from 'kysely';
import type { BooksScope } from './books-scope.js';
import type { Database, Tx } from '../connection/connection.js';
import type { DB } from '../generated/tables.js';
import { AsOfAheadError, resolveMoment, type AsOf } from './resolve-as-of.js';
import { groupedRevenue, revenueOrder, type RevenueGrouping, type RevenueSort } from './revenue-groups.js';

/** A sum of the books. Amounts in units of 1/100,000 of the currency. */
export interface RevenueRow {
  /** Message, creative, campaign, day or our number of the integration or offer; null for none. */
  readonly key: string | null;
  /** The same of the second grouping; null without one. */
  readonly secondKey: string | null;
  /** For offers only: the network's id and the integration, which tell offers that were never imported apart. */
  readonly externalOfferId: string | null;
  readonly integrationId: bigint | null;
  readonly currency: string;
  readonly conversions: bigint;
  readonly revenue: bigint;
  readonly unconfirmed: bigint;
  readonly pending: bigint;
}

/** Whose sums, by what, of which days, as of when. */
export interface RevenueFilter {
  readonly scope: BooksScope;
  /** One grouping, or two different ones. */
  readonly groupBy: readonly RevenueGrouping[];
  /** Days of the conversions, both inclusive. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly asOf: AsOf;
  /** Default `key`. */
  readonly sort?: RevenueSort | undefined;
}

export interface RevenueQuestion extends RevenueFilter {
  /** From 1. */
  readonly page: number;
  readonly perPage: number;
}

export interface RevenueAnswer {
  readonly rows: readonly RevenueRow[];
  readonly total: number;
  /** The number of the books that the rows stand at. Asked again with it, the sums are the same for ever. */
  readonly asOfSeq: bigint;
}

interface SummedRow {
  key: string | null;
  second_key: string | null;
  external_offer_id: string | null;
  integration_id: bigint | null;
  currency: string;
  conversions: string;
  revenue_e5: string;
  unconfirmed_e5: string;
  pending_e5: string;
}

function rowOf(row: SummedRow): RevenueRow {
  return {
    key: row.key,
    secondKey: row.second_key,
    externalOfferId: row.external_offer_id,
    integrationId: row.integration_id,
    currency: row.currency,
    conversions: BigInt(row.conversions),
    revenue: BigInt(row.revenue_e5),
    unconfirmed: BigInt(row.unconfirmed_e5),
    pending: BigInt(row.pending_e5),
  };
}

const COLUMNS = sql.raw(`key, second_key, external_offer_id, integration_id, currency, conversions, revenue_e5,
  unconfirmed_e5, pending_e5`);

const wantedSeq = async (db: Database, asOf: AsOf): Promise<bigint | null> => {
  if (asOf === 'latest') return null;
  return 'seq' in asOf ? asOf.seq : resolveMoment(db, asOf.moment);
};

/** The number to answer as of, and the number that the totals stand at in the transaction's snapshot. */
async function readNumbers(tx: Tx, wanted: bigint | null): Promise<{ asOfSeq: bigint; lastSeq: bigint }> {
  const { last_seq: lastSeq } = await tx.selectFrom('ledger_sequence').select('last_seq').executeTakeFirstOrThrow();
  const asOfSeq = wanted ?? lastSeq;
  if (asOfSeq > lastSeq) throw new AsOfAheadError(`The books end at ${lastSeq}`);
  return { asOfSeq, lastSeq };
}

/**
 * Sums the books up to a number of their sequence (law 4). The totals and the number they stand at are read in one
 * snapshot. Throws AsOfAheadError for a number or a moment that the books have not reached.
 */
export async function readRevenue(db: Database, question: RevenueQuestion): Promise<RevenueAnswer> {
  const { asOf, page, perPage, sort = 'key' } = question;
  const order = revenueOrder(sort);
  const wanted = await wantedSeq(db, asOf);
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (tx) => {
      const numbers = await readNumbers(tx, wanted);
      const { rows } = await sql<SummedRow & { total: bigint; is_row: boolean }>`
        WITH summed AS MATERIALIZED (${groupedRevenue(question, numbers)}),
        page AS (
          SELECT *, true AS is_row FROM summed ORDER BY ${order}
          LIMIT ${perPage} OFFSET ${(BigInt(page) - 1n) * BigInt(perPage)}
        )
        SELECT n.total, ${COLUMNS}, is_row IS NOT NULL AS is_row
        FROM (SELECT count(*) AS total FROM summed) n LEFT JOIN page ON true
        ORDER BY ${order}`.execute(tx);
      return {
        asOfSeq: numbers.asOfSeq,
        total: Number(rows[0]?.total ?? 0n),
        // A page behind the last one has the total and no rows.
        rows: rows.filter((row) => row.is_row).map(rowOf),
      };
    });
}

export interface RevenueStream {
  readonly asOfSeq: bigint;
  readonly batches: AsyncGenerator<readonly RevenueRow[], void, void>;
  /** Ends the transaction, also before the first batch was asked for. Call it again as often as you like. */
  close(): Promise<void>;
}

/**
 * Every row of an answer in batches, read through a cursor of one snapshot, so that memory stays bounded and nothing
 * changes on the way. Ending the iteration, also early, ends the transaction. Throws AsOfAheadError at once.
 */
export async function streamRevenue(
  db: Database,
  filter: RevenueFilter,
  options: { batchRowsMax: number },
): Promise<RevenueStream> {
  const wanted = await wantedSeq(db, filter.asOf);
  const order = revenueOrder(filter.sort ?? 'key');
  const tx = await db.startTransaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute();
  let closing: Promise<void> | undefined;
  const close = () => (closing ??= tx.rollback().execute());
  try {
    const numbers = await readNumbers(tx, wanted);
    await sql`
      DECLARE revenue_rows NO SCROLL CURSOR FOR
      SELECT ${COLUMNS} FROM (${groupedRevenue(filter, numbers)}) summed ORDER BY ${order}`.execute(tx);
    return { asOfSeq: numbers.asOfSeq, batches: fetchAll(tx, options.batchRowsMax, close), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function* fetchAll(
  tx: ControlledTransaction<DB>,
  batchRowsMax: number,
  close: () => Promise<void>,
): AsyncGenerator<readonly RevenueRow[], void, void> {
  try {
    for (;;) {
      const { rows } = await sql<SummedRow>`
        FETCH FORWARD ${sql.raw(String(batchRowsMax))} FROM revenue_rows`.execute(tx);
      if (rows.length > 0) yield rows.map(rowOf);
      if (rows.length < batchRowsMax) return;
    }
  } finally {
    await close();
  }
}
