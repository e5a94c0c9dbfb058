import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { findOffer, findPayoutMismatch, openDatabase, type Database } from '@trackly-tune/database';
import { addIntegration, createTestDatabase, type TestDatabase } from '@trackly-tune/testing';
import { seedConversion, seedOffer } from './seed-books.js';

let database: TestDatabase;
let db: Database;
let close: () => Promise<void>;
beforeAll(async () => {
  database = await createTestDatabase();
  ({ db, close } = openDatabase({ databaseUrl: database.url, name: 'payout-mismatch.test' }));
});
afterAll(async () => {
  await close();
  await database.drop();
});

test('a conversion whose amount nobody has told yet pays no other amount than its offer, in whatever currency', async () => {
  const integrationId = (await addIntegration(db, { accountId: 'acme', affiliateId: '7' })).id;
  const offerId = await seedOffer(db, integrationId, '10');
  await db.updateTable('offers').set({ payout_e5: 250_000n, currency: 'USD' }).where('id', '=', offerId).execute();
  const day = new Date(Date.now() - 2 * 86_400_000).toISOString().slice(0, 10);
  const seed = { accountId: 'acme', integrationId, day, currency: 'EUR' };
  const untold = await seedConversion(db, seed);
  await db.updateTable('conversions').set({ payout_e5: null }).where('id', '=', untold).execute();
  const look = async () => {
    const offer = await findOffer(db, offerId);
    if (offer === null) throw new Error('The offer is gone');
    return findPayoutMismatch(db, offer);
  };
  expect(await look()).toBeNull();
  await seedConversion(db, seed);
  expect(await look()).toMatchObject({
    conversions: 1,
    amounts: [{ payoutE5: 250_000n, currency: 'EUR', conversions: 1 }],
  });
});
