import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createOfferRun, inTransaction, openDatabase, type Database } from '@trackly-tune/database';
import { createParking } from '@trackly-tune/service-stores';
import { addIntegration, createTestDatabase, refuseRows, type TestDatabase } from '@trackly-tune/testing';
import { sql } from 'kysely';
import { expireDueOffers } from '../src/reconcilers/expire-offers.js';
import { forgetPages } from '../src/reconcilers/forget-pages.js';

let database: TestDatabase;
let db: Database;
let close: () => Promise<void>;

beforeAll(async () => {
  database = await createTestDatabase();
  ({ db, close } = openDatabase({ databaseUrl: database.url, name: 'poison.test' }));
});
afterAll(async () => {
  await close();
  await database.drop();
});

/** A slice of a run that has failed, with a page that nobody needs any more. */
async function leavePages(accountId: string): Promise<bigint> {
  const integrationId = (await addIntegration(db, { accountId: accountId, affiliateId: '7' })).id;
  const run = await inTransaction(db, (tx) => createOfferRun(tx, { integrationId, trigger: 'schedule' }));
  const { rows } = await sql<{ id: bigint }>`SELECT id FROM sync_slices WHERE run_id = ${run.id}`.execute(db);
  const sliceId = rows[0]?.id ?? 0n;
  await sql`INSERT INTO catalogue_pages (slice_id, page, external_ids, unreadable) VALUES (${sliceId}, 1, '{}', 0)`.execute(
    db,
  );
  await sql`UPDATE sync_runs SET status = 'failed', finished_at = clock_timestamp(), error_code = 'timeout',
    error_message = 'No answer' WHERE id = ${run.id}`.execute(db);
  return sliceId;
}

test('a page that cannot be forgotten keeps no other from being forgotten, and is reported', async () => {
  const [bad, good] = [await leavePages('bad'), await leavePages('good')];
  const remove = await refuseRows(database.url, {
    table: 'catalogue_pages',
    on: 'DELETE',
    when: `OLD.slice_id = ${bad}`,
  });
  const said: string[] = [];
  const parking = createParking({
    db,
    report: {
      batchFailed: (kind) => void said.push(`batch of ${kind} failed`),
      parked: ({ id }) => void said.push(`${id} parked`),
      unparked: ({ id }) => void said.push(`${id} went through`),
    },
  });
  const left = async () =>
    (await sql<{ slice_id: bigint }>`SELECT slice_id FROM catalogue_pages`.execute(db)).rows.map((row) => row.slice_id);
  await parking.attempt(forgetPages(db));
  await parking.attempt(forgetPages(db));
  expect(await left()).toEqual([bad]);
  expect(good).not.toBe(bad);
  await remove();
  await sql`UPDATE parked_items SET not_before = clock_timestamp()`.execute(db);
  await parking.retry([forgetPages(db)], new AbortController().signal);
  expect(await left()).toEqual([]);
  expect(said).toEqual(['batch of catalogue_pages failed', `${bad} parked`, `${bad} went through`]);
});

test('an offer that cannot be made expired keeps no other from it, and expires when it can', async () => {
  const ids: bigint[] = [];
  for (const account of ['bad', 'good']) {
    const integrationId = (await addIntegration(db, { accountId: account, affiliateId: '7' })).id;
    const { rows } = await sql<{ id: bigint }>`
      INSERT INTO offers (integration_id, name, tracking_url, status, expires_at)
      VALUES (${integrationId}, 'Ends', '', 'active', now() - interval '1 second') RETURNING id`.execute(db);
    ids.push(rows[0]?.id ?? 0n);
  }
  const [bad, good] = ids;
  const remove = await refuseRows(database.url, { table: 'offers', on: 'UPDATE', when: `NEW.id = ${bad}` });
  const report = { batchFailed: () => undefined, parked: () => undefined, unparked: () => undefined };
  const parking = createParking({ db, report });
  const expired = async () =>
    (await sql<{ id: bigint }>`SELECT id FROM offers WHERE status = 'expired' ORDER BY id`.execute(db)).rows.map(
      (row) => row.id,
    );
  await parking.attempt(expireDueOffers(db));
  await parking.attempt(expireDueOffers(db));
  expect(await expired()).toEqual([good]);
  await remove();
  await sql`UPDATE parked_items SET not_before = clock_timestamp()`.execute(db);
  await parking.retry([expireDueOffers(db)], new AbortController().signal);
  expect(await expired()).toEqual([bad, good]);
});
