import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { migrateToLatest } from '@trackly-tune/database';
import { askDatabase, createEmptyDatabase, type TestDatabase } from '@trackly-tune/testing';

const FILES = {
  '0001_table.sql':
    'CREATE TABLE things (id bigint, name text); INSERT INTO things SELECT n, n FROM generate_series(1, 100) n;',
  '0002_index.sql': `-- Outside a transaction.
-- Large tables are read and written meanwhile.
CREATE INDEX CONCURRENTLY IF NOT EXISTS things_name
  ON things (name) WHERE id > 0;
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS things_id ON things (id);
`,
  '0003_column.sql': 'ALTER TABLE things ADD COLUMN more text;',
};
const ALL = ['0001_table', '0002_index', '0003_column'];

let folder: string;
let database: TestDatabase;
const plant = async (files: Readonly<Record<string, string>>): Promise<void> => {
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text);
};
const migrate = () => migrateToLatest({ databaseUrl: database.url, folder });
const indexes = () =>
  askDatabase<{ name: string; valid: boolean }>(
    database.url,
    `SELECT c.relname AS name, x.indisvalid AS valid FROM pg_index x JOIN pg_class c ON c.oid = x.indexrelid
     WHERE x.indrelid = to_regclass('things') ORDER BY 1`,
  );
const noted = async () =>
  (await askDatabase<{ name: string }>(database.url, 'SELECT name FROM kysely_migration ORDER BY timestamp, name')).map(
    ({ name }) => name,
  );
const BUILT = ['things_id', 'things_name'].map((name) => ({ name, valid: true }));

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'trackly-tune-migrations-'));
  database = await createEmptyDatabase();
});
afterEach(async () => {
  await database.drop();
  await rm(folder, { recursive: true });
});

/** Ends the session that migrates as soon as its index is there and not valid; an open writer holds it up until then. */
async function migrateAndKill(): Promise<unknown> {
  const writer = new pg.Client({ connectionString: database.url });
  await writer.connect();
  try {
    await writer.query('BEGIN; INSERT INTO things VALUES (1000, 1000)');
    const ended = migrate().then(
      () => null,
      (error: unknown) => error,
    );
    while ((await indexes()).length === 0) await sleep(20);
    await askDatabase(
      database.url,
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'migrate'`,
    );
    return await ended;
  } finally {
    await writer.end();
  }
}

describe('migrations outside a transaction', () => {
  test('are applied in their order, among those in transactions, and never again', async () => {
    await plant(FILES);
    expect(await migrate()).toEqual({ applied: ALL });
    expect(await indexes()).toEqual(BUILT);
    expect(await noted()).toEqual(ALL);
    expect(await migrate()).toEqual({ applied: [] });
  });

  test('run from several processes at once are applied once, and nobody waits for somebody who waits for them', async () => {
    await plant(FILES);
    const results = await Promise.all([1, 2, 3, 4].map(migrate));
    expect(results.flatMap(({ applied }) => applied)).toEqual(ALL);
    expect(await indexes()).toEqual(BUILT);
  });

  test('that were killed half-way leave an invalid index, which the next start builds anew', async () => {
    await plant({ '0001_table.sql': FILES['0001_table.sql'] });
    await migrate();
    await plant(FILES);
    expect(await migrateAndKill()).toBeInstanceOf(Error);
    expect(await indexes()).toEqual([{ name: 'things_name', valid: false }]);
    expect(await noted()).toEqual(['0001_table']);
    expect(await migrate()).toEqual({ applied: ['0002_index', '0003_column'] });
    expect(await indexes()).toEqual(BUILT);
  });

  test('that were killed before they were noted are noted by the next start', async () => {
    await plant({ '0001_table.sql': FILES['0001_table.sql'] });
    await migrate();
    await plant(FILES);
    await askDatabase(database.url, 'CREATE INDEX things_name ON things (name) WHERE id > 0');
    expect(await migrate()).toEqual({ applied: ['0002_index', '0003_column'] });
    expect(await indexes()).toEqual(BUILT);
  });

  test('keep what was applied before one that fails, and go on there', async () => {
    await plant({ ...FILES, '0003_column.sql': 'ALTER TABLE nothing ADD COLUMN more text;' });
    await expect(migrate()).rejects.toThrow('nothing');
    expect(await noted()).toEqual(['0001_table', '0002_index']);
    await plant(FILES);
    expect(await migrate()).toEqual({ applied: ['0003_column'] });
  });

  test.each([
    'CREATE INDEX CONCURRENTLY things_name ON things (name)',
    'CREATE INDEX IF NOT EXISTS things_name ON things (name)',
    'UPDATE things SET name = NULL',
    'ALTER TABLE things ADD COLUMN more text',
  ])('refuse what could not be repeated after a crash, and apply nothing: %s', async (statement) => {
    await plant({ ...FILES, '0002_index.sql': `-- Outside a transaction.\n${statement};\n` });
    await expect(migrate()).rejects.toThrow('cannot be repeated after a crash');
    expect(await indexes()).toEqual([]);
  });
});
