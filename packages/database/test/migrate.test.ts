import { describe, expect, test } from '@jest/globals';
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
