import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { inTransaction, noteUnimported, openDatabase, type Database } from '@trackly-tune/database';
import { addIntegration, createTestDatabase, type TestDatabase } from '@trackly-tune/testing';

let database: TestDatabase;
let db: Database;
let close: () => Promise<void>;
beforeAll(async () => {
  database = await createTestDatabase();
  ({ db, close } = openDatabase({ databaseUrl: database.url, name: 'note-unimported.test' }));
});
afterAll(async () => {
  await close();
  await database.drop();
});

test('conversions of an offer that nobody imported are said once a day, however many come at once', async () => {
  const integrationId = (await addIntegration(db, { accountId: 'acme', affiliateId: '7' })).id;
  const offer = { integration_id: integrationId, name: 'x', tracking_url: '', status: 'active' };
  await db
    .insertInto('offers')
    .values({ ...offer, external_id: '1' })
    .execute();
  const note = (...externalOfferIds: string[]) =>
    inTransaction(db, (tx) => noteUnimported(tx, { integrationId, runId: null, externalOfferIds }));
  await Promise.all([note('3', '2', '1'), note('2', '3', '3'), note('3')]);
  await note('2', '4');
  const lines = await db.selectFrom('integration_log').select(['code', 'context']).execute();
  expect(lines.map((line) => line.code)).toEqual(Array(3).fill('offer_not_imported'));
  expect(lines.map((line) => (line.context as { external_id: string }).external_id).sort()).toEqual(['2', '3', '4']);
});
