import type pg from 'pg';

/** Rows per statement and transaction, as everywhere in the product. */
const CHUNK_ROWS = 1_000;
const TABLE = 'bare_rows';

/** The rows of a report, a list of values for each column. */
export interface ReportColumns {
  readonly names: readonly string[];
  readonly chunks: readonly (readonly (string | null)[])[][];
}

/** What a pull of an integration read, as rows of a report: nothing that we add. */
export async function readReportColumns(db: pg.Pool, integrationId: bigint): Promise<ReportColumns> {
  const { rows, fields } = await db.query<(string | null)[]>({
    rowMode: 'array',
    text: `SELECT c.integration_id::text, c.tune_event_id, v.status::text, v.local_time::text, v.payout, v.currency, v.ad_id,
        v.offer_id, v.affiliate_id, v.goal_id, v.status_code, v.is_adjustment::text, v.affiliate_click_id, v.aff_sub,
        v.aff_sub2, v.aff_sub3, v.aff_sub4, v.aff_sub5, v.affiliate_unique1, v.affiliate_unique2, v.affiliate_unique3,
        v.affiliate_unique4, v.affiliate_unique5, v.source
      FROM conversions c JOIN conversion_versions v ON v.conversion_id = c.id AND v.version = c.version
      WHERE c.integration_id = $1 ORDER BY c.id`,
    values: [integrationId.toString()],
  });
  const chunks: (string | null)[][][] = [];
  for (let from = 0; from < rows.length; from += CHUNK_ROWS) {
    const chunk = rows.slice(from, from + CHUNK_ROWS);
    chunks.push(fields.map((_, column) => chunk.map((row) => row[column] ?? null)));
  }
  return { names: fields.map(({ name }) => name), chunks };
}

/** One table of texts, with nothing but its primary key. */
export async function prepareBareUpsert(db: pg.Pool, { names }: ReportColumns): Promise<void> {
  await db.query(`CREATE TABLE IF NOT EXISTS ${TABLE} (
    ${names.map((name) => `${name} text`).join(', ')}, PRIMARY KEY (integration_id, tune_event_id))`);
}

/** Upserts the rows, one statement and transaction per chunk over one connection. Returns how long it took, in ms. */
export async function runBareUpsert(db: pg.Pool, { names, chunks }: ReportColumns): Promise<number> {
  const others = names.filter((name) => name !== 'integration_id' && name !== 'tune_event_id');
  const text = `INSERT INTO ${TABLE} (${names.join(', ')})
    SELECT * FROM unnest(${names.map((_, index) => `$${index + 1}::text[]`).join(', ')})
    ON CONFLICT (integration_id, tune_event_id) DO UPDATE SET
      ${others.map((name) => `${name} = excluded.${name}`).join(', ')}`;
  const client = await db.connect();
  try {
    const startedMs = performance.now();
    for (const values of chunks) await client.query({ name: TABLE, text, values: values.map((column) => [...column]) });
    return performance.now() - startedMs;
  } finally {
    client.release();
  }
}
