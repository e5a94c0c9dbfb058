import { sql, type RawBuilder } from 'kysely';

/** What a batch looks at. */
export interface OldRows {
  /** Condition of SQL over a row `k`: its page is one of the batch. */
  readonly pages: RawBuilder<unknown>;
  /** The moment before which a row `k` is old, as an expression of SQL. */
  readonly before: RawBuilder<unknown>;
}

/** Rows of these pages, first included, last not: PostgreSQL reads just them. */
export const pagesOf = (firstBlock: number, endBlock: number): RawBuilder<unknown> =>
  sql`k.ctid >= ${`(${firstBlock},0)`}::tid AND k.ctid < ${`(${endBlock},0)`}::tid`;

export const daysAgo = (days: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`statement_timestamp() - ${days} * interval '1 day'`;
