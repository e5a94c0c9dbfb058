import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { databaseNow, inTransaction, openDatabase, storePage, type Database } from '@trackly-tune/database';
import type { ConversionFacts } from '@trackly-tune/domain';
import { createTestDatabase, type TestDatabase } from '@trackly-tune/testing';
import { sql } from 'kysely';
import { drainBooks } from './drain-books.js';

const CONVERSIONS = 20;

let database: TestDatabase;
let db: Database;
let close: () => Promise<void>;

beforeAll(async () => {
  database = await createTestDatabase();
  ({ db, close } = openDatabase({ databaseUrl: database.url, name: 'full-disk.test' }));
});
afterAll(async () => {
  await close();
  await database.drop();
});

const conversion = (n: number): ConversionFacts => ({
  tune_event_id: `ev-${n}`,
  ad_id: `click-${n}`,
  offer_id: '7',
  affiliate_id: '3',
  local_time: '2026-05-02 10:43:11',
  status: 'approved',
  payout: '1.50000',
  currency: 'USD',
  payout_column: 'payout',
  goal_id: '0',
  status_code: '43',
  is_adjustment: false,
  ids: {},
});

async function pull(): Promise<void> {
  const { rows } = await sql<{ id: bigint }>`
    INSERT INTO integrations (account_id, network_id, affiliate_id, name, base_url, network_token_sealed,
      network_token_hint, time_zone_source, currency_source)
    VALUES ('acc', 'demo', '3', 'Demo', 'https://clicks.example.com', 'sealed', 'hint', 'given', 'given')
    RETURNING id`.execute(db);
  const integrationId = rows[0]?.id ?? 0n;
  await sql`INSERT INTO integration_settings (integration_id, version, message_id_field, click_id_field,
      click_window_days, time_zone, default_currency)
    VALUES (${integrationId}, 1, 'aff_sub', 'affiliate_click_id', 90, 'America/New_York', 'USD')`.execute(db);
  const observedAt = await databaseNow(db);
  await inTransaction(db, (tx) =>
    storePage(tx, {
      integrationId,
      accountId: 'acc',
      settingsVersion: 1,
      runId: 1n,
      observedAt,
      rows: Array.from({ length: CONVERSIONS }, (_, n) => conversion(n)),
      unreadable: [],
    }),
  );
}

const settle = () => drainBooks(db, 5);

async function booked(): Promise<{ entries: number; revenue: bigint }> {
  const { rows } = await sql<{ entries: number; revenue: bigint }>`
    SELECT count(*)::int AS entries, coalesce(sum(revenue_e5), 0)::bigint AS revenue FROM ledger_entries`.execute(db);
  return rows[0] ?? { entries: 0, revenue: 0n };
}

test('while the disk is full nothing is booked or parked, and afterwards everything is booked once', async () => {
  await pull();
  await sql`CREATE FUNCTION refuse_writes() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$`.execute(
    db,
  );
  await sql`CREATE TRIGGER refuse BEFORE INSERT ON ledger_entries EXECUTE FUNCTION refuse_writes()`.execute(db);
  await expect(settle()).rejects.toMatchObject({ code: '53100' });
  await expect(settle()).rejects.toMatchObject({ code: '53100' });
  expect(await booked()).toEqual({ entries: 0, revenue: 0n });
  await sql`DROP TRIGGER refuse ON ledger_entries`.execute(db);
  await settle();
  await settle();
  expect(await booked()).toEqual({ entries: CONVERSIONS, revenue: BigInt(CONVERSIONS) * 150_000n });
});
