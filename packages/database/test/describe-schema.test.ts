import { describe, expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { describeSchema } from '@trackly-tune/database';
import { createTestDatabase } from '@trackly-tune/testing';

describe('the description of the schema', () => {
  test('is committed as the migrations make it, whichever PostgreSQL it is read from', async () => {
    const database = await createTestDatabase();
    try {
      const committed = await readFile(new URL('../schema.sql', import.meta.url), 'utf8');
      expect(await describeSchema({ databaseUrl: database.url })).toBe(committed);
    } finally {
      await database.drop();
    }
  });
});
