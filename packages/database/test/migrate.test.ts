import { describe, expect, test } from '@jest/globals';
import { migrateToLatest } from '@trackly-tune/database';
import { createEmptyDatabase } from '@trackly-tune/testing';

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
