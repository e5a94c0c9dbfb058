import { sql, type RawBuilder } from 'kysely';

/**
 * Joins the rows of a large table that belong to each row so far, by an index: `condition` names `alias` and what stands
 * before. PostgreSQL cannot know how few rows a list of ids finds; left to itself it reads a table that is not very large
 * from its beginning to its end for them. `OFFSET 0` is what it does not look behind.
 */
export function findEach(table: string, alias: string, condition: string): RawBuilder<unknown> {
  return sql.raw(`CROSS JOIN LATERAL (SELECT * FROM ${table} ${alias} WHERE ${condition} OFFSET 0) ${alias}`);
}
