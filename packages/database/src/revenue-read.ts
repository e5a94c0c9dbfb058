import { sql } from 'kysely';
import type { BooksScope } from './books-scope.js';
import type { Database, Transaction } from './connection.js';
import { AsOfAheadError, resolveMoment, type AsOf } from './resolve-as-of.js';
import { groupedRevenue, type RevenueGrouping } from './revenue-groups.js';

/** A sum of the books. Amounts in units of 1/100,000 of the currency. */
export interface RevenueRow {
  /** Message, creative, campaign, day or our number of the integration or offer; null for none. */
  readonly key: string | null;
  /** For offers only: the network's id and the integration, which tell offers that were never imported apart. */
  readonly externalOfferId: string | null;
  readonly integrationId: bigint | null;
  readonly currency: string;
  readonly conversions: bigint;
  readonly revenue: bigint;
  readonly unconfirmed: bigint;
  readonly pending: bigint;
}

export interface RevenueQuestion {
  readonly scope: BooksScope;
  readonly groupBy: RevenueGrouping;
  /** Days of the conversions, both inclusive. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly asOf: AsOf;
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
  total: bigint;
  key: string | null;
  external_offer_id: string | null;
  integration_id: bigint | null;
  currency: string | null;
  conversions: string;
  revenue_e5: string;
  unconfirmed_e5: string;
  pending_e5: string;
}

async function readLastSeq(tx: Transaction): Promise<bigint> {
  const row = await tx.selectFrom('ledger_sequence').select('last_seq').executeTakeFirstOrThrow();
  return row.last_seq;
}

/**
 * Sums the books up to a number of their sequence (law 4). The totals and the number they stand at are read in one
 * snapshot. Throws AsOfAheadError for a number or a moment that the books have not reached.
 */
export async function readRevenue(db: Database, question: RevenueQuestion): Promise<RevenueAnswer> {
  const { asOf, page, perPage } = question;
  const wanted = asOf === 'latest' ? null : 'seq' in asOf ? asOf.seq : await resolveMoment(db, asOf.moment);
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (tx) => {
      const lastSeq = await readLastSeq(tx);
      const asOfSeq = wanted ?? lastSeq;
      if (asOfSeq > lastSeq) throw new AsOfAheadError(`The books end at ${lastSeq}`);
      const { rows } = await sql<SummedRow>`
        WITH summed AS MATERIALIZED (${groupedRevenue(question, { asOfSeq, lastSeq })}),
        page AS (
          SELECT * FROM summed ORDER BY sort_1 NULLS LAST, sort_2 NULLS LAST, currency COLLATE "C"
          LIMIT ${perPage} OFFSET ${(BigInt(page) - 1n) * BigInt(perPage)}
        )
        SELECT n.total, page.key, page.external_offer_id, page.integration_id, page.currency, page.conversions,
          page.revenue_e5, page.unconfirmed_e5, page.pending_e5
        FROM (SELECT count(*) AS total FROM summed) n LEFT JOIN page ON true
        ORDER BY sort_1 NULLS LAST, sort_2 NULLS LAST, currency COLLATE "C"`.execute(tx);
      return {
        asOfSeq,
        total: Number(rows[0]?.total ?? 0n),
        rows: rows.flatMap((row) => {
          // A page behind the last one has the total and no rows.
          if (row.currency === null) return [];
          return {
            key: row.key,
            externalOfferId: row.external_offer_id,
            integrationId: row.integration_id,
            currency: row.currency,
            conversions: BigInt(row.conversions),
            revenue: BigInt(row.revenue_e5),
            unconfirmed: BigInt(row.unconfirmed_e5),
            pending: BigInt(row.pending_e5),
          };
        }),
      };
    });
}
