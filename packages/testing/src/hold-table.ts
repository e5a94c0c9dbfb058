import pg from 'pg';
import { askDatabase } from './ask-database.js';

export interface HeldTable {
  /** How many wait for it. */
  waiting(): Promise<number>;
  release(): Promise<void>;
}

/** Holds a table, so that whoever wants it must wait. */
export async function holdTable(url: string, table: string): Promise<HeldTable> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  await client.query('BEGIN');
  await client.query(`LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
  return {
    async waiting() {
      const [row] = await askDatabase<{ count: number }>(
        url,
        'SELECT count(*)::int AS count FROM pg_locks WHERE NOT granted AND relation = $1::regclass',
        [table],
      );
      return row?.count ?? 0;
    },
    release: () => client.end(),
  };
}
