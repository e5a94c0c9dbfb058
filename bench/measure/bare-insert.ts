import type pg from 'pg';

/** What a pull leaves; how each row is found from its conversion `k`. */
const TABLES = [
  {
    table: 'transaction_lookups',
    from: 'FROM transaction_lookups t JOIN first_chunk k ON k.transaction_id = t.transaction_id',
    order: 't.key, t.transaction_id',
  },
  { table: 'conversions', from: 'FROM conversions t JOIN chunks k ON k.id = t.id', order: 't.id' },
  {
    table: 'conversion_versions',
    from: 'FROM conversion_versions t JOIN chunks k ON k.id = t.conversion_id',
    order: 't.conversion_id, t.version',
  },
  {
    table: 'decisions',
    from: 'FROM decisions t JOIN chunks k ON k.id = t.conversion_id',
    order: 't.conversion_id, t.no',
  },
  {
    table: 'ledger_entries',
    from: 'FROM ledger_entries t JOIN chunks k ON k.id = t.conversion_id',
    order: 't.conversion_id, t.entry_no',
  },
  {
    table: 'ledger_feed',
    from: 'FROM ledger_feed t JOIN chunks k ON k.id = t.conversion_ids[1]',
    order: 't.first_seq',
  },
] as const;

/** Rows per statement, as everywhere in the product. */
const CHUNK_ROWS = 1_000;

interface Statement {
  readonly text: string;
  /** One array per column. */
  readonly values: (string | null)[][];
}

/** The statements that write what a pull left, by chunk: each chunk holds a thousand conversions and all of theirs. */
export type BareInsert = Statement[][];

async function columnsOf(db: pg.Pool, table: string): Promise<{ name: string; type: string }[]> {
  const { rows } = await db.query<{ name: string; type: string }>(
    `SELECT attname AS name, format_type(atttypid, atttypmod) AS type FROM pg_attribute
     WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
    [table],
  );
  return rows;
}

/** Reads everything that the pulls of an integration left, as statements that would write the same rows. */
export async function readBareInsert(db: pg.Pool, integrationId: bigint): Promise<BareInsert> {
  const chunks: BareInsert = [];
  for (const { table, from, order } of TABLES) {
    const columns = await columnsOf(db, table);
    const { rows } = await db.query<(string | number | null)[]>({
      rowMode: 'array',
      text: `WITH chunks AS (
          SELECT id, transaction_id, ((row_number() OVER (ORDER BY id) - 1) / ${CHUNK_ROWS})::int AS chunk
          FROM conversions WHERE integration_id = $1
        ), first_chunk AS (SELECT transaction_id, min(chunk) AS chunk FROM chunks GROUP BY transaction_id)
        SELECT k.chunk, ${columns.map(({ name }) => `t.${name}::text`).join(', ')} ${from} ORDER BY k.chunk, ${order}`,
      values: [integrationId.toString()],
    });
    const names = columns.map(({ name }) => name).join(', ');
    // unnest takes lists apart to their last element: what is a list itself comes as its text.
    const arrays = columns.map(({ type }, index) => `$${index + 1}::${type.endsWith('[]') ? 'text' : type}[]`);
    const cells = columns.map(({ name, type }) => (type.endsWith('[]') ? `${name}::${type}` : name)).join(', ');
    const text = `INSERT INTO ${table} (${names}) OVERRIDING SYSTEM VALUE
      SELECT ${cells} FROM unnest(${arrays.join(', ')}) AS r (${names})`;
    const byChunk = new Map<number, (string | null)[][]>();
    for (const [chunk, ...cells] of rows) {
      const number = Number(chunk);
      const values = byChunk.get(number) ?? columns.map(() => []);
      byChunk.set(number, values);
      cells.forEach((cell, index) => values[index]?.push(cell === null ? null : String(cell)));
    }
    for (const [number, values] of byChunk) (chunks[number] ??= []).push({ text, values });
  }
  return chunks;
}

/** The tables without what the product adds to a bare insert: the queue of entries to be numbered. */
export async function prepareBareTables(db: pg.Pool): Promise<void> {
  await db.query('ALTER TABLE ledger_entries DISABLE TRIGGER ledger_entries_numbering');
}

/** Writes the rows, one transaction per chunk over one connection. Returns how long it took, in milliseconds. */
export async function runBareInsert(db: pg.Pool, chunks: BareInsert): Promise<number> {
  const client = await db.connect();
  try {
    const startedMs = performance.now();
    for (const statements of chunks) {
      await client.query('BEGIN');
      for (const { text, values } of statements) await client.query({ text, values, name: text.slice(0, 60) });
      await client.query('COMMIT');
    }
    return performance.now() - startedMs;
  } finally {
    client.release();
  }
}
