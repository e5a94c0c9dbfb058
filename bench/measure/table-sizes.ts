import type pg from 'pg';

/** Bytes of each table with its indexes and what it keeps out of line. */
export type TableSizes = ReadonlyMap<string, number>;

export async function tableSizes(db: pg.Pool): Promise<TableSizes> {
  const { rows } = await db.query<{ name: string; bytes: string }>(
    `SELECT relname AS name, pg_total_relation_size(oid)::text AS bytes FROM pg_class
     WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`,
  );
  return new Map(rows.map(({ name, bytes }) => [name, Number(bytes)]));
}

/** Does something while PostgreSQL writes no images of whole pages, and sets it back. Needs a superuser. */
export async function withoutPageImages<T>(db: pg.Pool, work: () => Promise<T>): Promise<T> {
  const reload = async (statement: string): Promise<void> => {
    await db.query(statement);
    await db.query('SELECT pg_reload_conf()');
    await db.query('CHECKPOINT');
  };
  await reload('ALTER SYSTEM SET full_page_writes = off');
  try {
    return await work();
  } finally {
    await reload('ALTER SYSTEM RESET full_page_writes');
  }
}
