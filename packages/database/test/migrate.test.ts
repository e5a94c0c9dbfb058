import { describe, expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { migrateToLatest } from '@trackly-tune/database';
import { askDatabase, createEmptyDatabase } from '@trackly-tune/testing';

describe('migrations', () => {
  test('bring an empty database up to date, and do nothing the second time', async () => {
    const database = await createEmptyDatabase();
    try {
      expect((await migrateToLatest({ databaseUrl: database.url })).applied).toContain('0001_integrations');
      expect((await migrateToLatest({ databaseUrl: database.url })).applied).toEqual([]);
    } finally {
      await database.drop();
    }
  });

  test('leave a schema that a newer version has made as it is: what this version needs is there', async () => {
    const database = await createEmptyDatabase();
    try {
      await migrateToLatest({ databaseUrl: database.url });
      await askDatabase(database.url, 'CREATE TABLE of_a_newer_version (id bigint)');
      await askDatabase(
        database.url,
        "INSERT INTO kysely_migration (name, timestamp) VALUES ('9999_newer', '2030-01-01T00:00:00.000Z')",
      );
      expect((await migrateToLatest({ databaseUrl: database.url })).applied).toEqual([]);
    } finally {
      await database.drop();
    }
  });

  test('give way to whoever holds a table, and are applied when it is free', async () => {
    const database = await createEmptyDatabase();
    const folder = await mkdtemp(path.join(os.tmpdir(), 'trackly-tune-migrations-'));
    const reader = new pg.Client({ connectionString: database.url });
    try {
      await askDatabase(database.url, 'CREATE TABLE things (id bigint)');
      await writeFile(path.join(folder, '0001_more.sql'), 'ALTER TABLE things ADD COLUMN more text;');
      await reader.connect();
      await reader.query('BEGIN; SELECT * FROM things');
      const migrated = migrateToLatest({ databaseUrl: database.url, folder });
      const waits = `SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'things'::regclass`;
      while ((await askDatabase(database.url, waits)).length === 0) await sleep(20);
      // Stands behind the migration, until that yields.
      expect(await askDatabase(database.url, 'SELECT * FROM things')).toEqual([]);
      await reader.query('COMMIT');
      expect(await migrated).toEqual({ applied: ['0001_more'] });
    } finally {
      await reader.end();
      await database.drop();
      await rm(folder, { recursive: true });
    }
  });

  const CHECKS = ['b', 'c', 'a'].map(
    (table) =>
      `ALTER TABLE ${table} DROP CONSTRAINT IF EXISTS ${table}_id,\n  ADD CONSTRAINT ${table}_id CHECK (id > 0) NOT VALID;\n`,
  );
  test.each([
    ['in one transaction', ''],
    ['table by table', '-- Outside a transaction.\n'],
  ])('of several tables, %s, fail nobody who reads them in another order', async (_way, mark) => {
    const database = await createEmptyDatabase();
    const folder = await mkdtemp(path.join(os.tmpdir(), 'trackly-tune-migrations-'));
    const [reader, other] = [1, 2].map(() => new pg.Client({ connectionString: database.url })) as [
      pg.Client,
      pg.Client,
    ];
    const waitsFor = async (table: string): Promise<boolean> => {
      const waits = `SELECT 1 FROM pg_locks WHERE NOT granted AND relation = '${table}'::regclass`;
      return (await askDatabase(database.url, waits)).length > 0;
    };
    try {
      const tables = ['a', 'b', 'c'].map((table) => `CREATE TABLE ${table} (id bigint);`).join('');
      await writeFile(path.join(folder, '0001_tables.sql'), tables);
      await migrateToLatest({ databaseUrl: database.url, folder });
      await writeFile(path.join(folder, '0002_checks.sql'), mark + CHECKS.join(''));
      await Promise.all([reader.connect(), other.connect()]);
      await reader.query('BEGIN; SELECT * FROM a');
      await other.query('BEGIN; SELECT * FROM c');
      const migrated = migrateToLatest({ databaseUrl: database.url, folder });
      while (!(await waitsFor('c'))) await sleep(5);
      // Behind the migration where that has b; then the migration is let go on to a, behind the reader.
      let isRead = false;
      const read = reader.query('SELECT * FROM b').finally(() => (isRead = true));
      while (!isRead && !(await waitsFor('b'))) await sleep(5);
      await other.query('COMMIT');
      expect((await read).rows).toEqual([]);
      await reader.query('COMMIT');
      expect(await migrated).toEqual({ applied: ['0002_checks'] });
      const there = await askDatabase(database.url, `SELECT conname FROM pg_constraint WHERE conname LIKE '__id'`);
      expect(there).toHaveLength(3);
    } finally {
      await Promise.all([reader.end(), other.end()]);
      await database.drop();
      await rm(folder, { recursive: true });
    }
  });

  test('run from several processes at once are applied once', async () => {
    const database = await createEmptyDatabase();
    try {
      const results = await Promise.all([1, 2, 3, 4].map(() => migrateToLatest({ databaseUrl: database.url })));
      expect(results.filter(({ applied }) => applied.length > 0)).toHaveLength(1);
    } finally {
      await database.drop();
    }
  });
});
