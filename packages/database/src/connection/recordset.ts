import { sql, type RawBuilder } from 'kysely';

interface Column {
  readonly name: string;
  readonly type: string;
}

/** `id bigint, key text` → its columns. No type in use has a comma in it. */
function readColumns(list: string): Column[] {
  return list.split(',').map((part) => {
    const [name = '', ...type] = part.trim().split(/\s+/);
    return { name, type: type.join(' ') };
  });
}

/** One column of all rows as one parameter. Documents go as one JSON list, since quoting each of them costs more. */
function columnArray(values: readonly unknown[], { type }: Column): RawBuilder<unknown> {
  if (type !== 'jsonb') return sql`${values}::${sql.raw(type)}[]`;
  return sql`ARRAY(SELECT nullif(value, 'null') FROM jsonb_array_elements(${JSON.stringify(values)}::jsonb))`;
}

const namesOf = (columns: readonly Column[]): string => columns.map(({ name }) => name).join(', ');

/**
 * Rows as parameters, to be used behind FROM: one statement per thousand rows instead of one per row. `columns` is the
 * SQL column list of the record `r`, e.g. `id bigint, key text`; documents are `jsonb` and hold no bigint. An array per
 * column costs PostgreSQL a third of what `jsonb_to_recordset` does, and tells its planner how many rows there are. A
 * column that is null in every row is not sent: of the fields that a network may show, most do not occur.
 */
export function recordset(rows: readonly object[], columns: string): RawBuilder<unknown> {
  const read = readColumns(columns).map((column, index) => ({
    ...column,
    values: rows.map((row) => (row as Record<string, unknown>)[column.name] ?? null),
    index,
  }));
  // The first always tells how many rows there are.
  const sent = read.filter(({ values, index }) => index === 0 || values.some((value) => value !== null));
  const arrays = sql.join(sent.map((column) => columnArray(column.values, column)));
  const unnested = sql`unnest(${arrays})`;
  if (sent.length === read.length) return sql`${unnested} AS r(${sql.raw(namesOf(read))})`;
  const all = read.map((column) => (sent.includes(column) ? column.name : `NULL::${column.type} AS ${column.name}`));
  return sql`(SELECT ${sql.raw(all.join(', '))} FROM ${unnested} AS s(${sql.raw(namesOf(sent))})) AS r`;
}
