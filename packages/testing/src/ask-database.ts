import pg from 'pg';

/** Asks one question of a database over a connection of its own, past everything that is tested. */
export async function askDatabase<Row extends object>(
  url: string,
  statement: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 30_000, statement_timeout: 30_000 });
  // A server that goes away in the middle ends the question, not the process.
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<Row>(statement, [...values]);
    return rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Ends every other connection to a database, as a fail-over does. Returns how many there were. */
export async function endConnections(url: string): Promise<number> {
  const ended = await askDatabase(
    url,
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'`,
  );
  return ended.length;
}

/** A fingerprint of a table's rows that also changes when a row is written again with the same content. */
export async function tableFingerprint(url: string, table: string): Promise<string> {
  const [row] = await askDatabase<{ print: string }>(
    url,
    `SELECT count(*) || ' ' || coalesce(md5(string_agg(t.xmin::text || t::text, ',' ORDER BY t::text)), '') AS print
     FROM ${table} t`,
  );
  return row?.print ?? '';
}
