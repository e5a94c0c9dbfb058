import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Database } from '@trackly-tune/database';
import { sql } from 'kysely';
import { drainBooks } from './drain-books.js';
import { createSettleWorld, type SettleWorld } from './settle-world.js';

const CONVERSIONS = 20;
const numbers = Array.from({ length: CONVERSIONS }, (_, n) => n);

let world: SettleWorld;
let db: Database;

beforeAll(async () => {
  world = await createSettleWorld('full-disk.test');
  ({ db } = world);
});
afterAll(() => world.close());

const settle = () => drainBooks(db, 5);

async function booked(): Promise<{ entries: number; revenue: bigint }> {
  const { rows } = await sql<{ entries: number; revenue: bigint }>`
    SELECT count(*)::int AS entries, coalesce(sum(revenue_e5), 0)::bigint AS revenue FROM ledger_entries`.execute(db);
  return rows[0] ?? { entries: 0, revenue: 0n };
}

test('while the disk is full nothing is booked or parked, and afterwards everything is booked once', async () => {
  await world.pull(await world.addAccount(), numbers);
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
