import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import type { ConversionFacts } from '@trackly-tune/domain';
import { addIntegration, askDatabase, createTestDatabase, type TestDatabase } from '@trackly-tune/testing';
import {
  lookupKeyOf,
  acceptedDelivery,
  admitPostbacks,
  startReattribution,
  databaseNow,
  findLastConversionId,
  inTransaction,
  openDatabase,
  reattributeBatch,
  reopenMarked,
  storeClicks,
  storePage,
  storePostbacks,
  type Database,
} from '../src/index.js';
import { seedOffer } from './seed-books.js';

const TRANSACTIONS = 60;
const ROUNDS = 12;

let database: TestDatabase;
let db: Database;
let close: () => Promise<void>;
const failures: string[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  ({ db, close } = openDatabase({
    databaseUrl: database.url,
    name: 'mark-due-at-once.test',
    connectionsMax: 12,
    observe: ({ failure }) => void (failure !== null && failures.push(failure)),
  }));
});
afterAll(() => database.drop());

/** Later ids have smaller keys: whoever locks by id goes the other way than whoever locks by key. */
const adOf = (n: number): string => `ad-${String(TRANSACTIONS - n).padStart(3, '0')}`;

const row = (n: number, payout: string): ConversionFacts => ({
  tune_event_id: `ev-${n}`,
  ad_id: adOf(n),
  offer_id: '7',
  affiliate_id: '3',
  local_time: '2026-05-02 10:43:11',
  status: 'approved',
  payout,
  currency: 'USD',
  payout_column: 'payout',
  ids: { aff_sub: 'Msg00001' },
});

const numbers = Array.from({ length: TRANSACTIONS }, (_, n) => n);

describe('the four ways to make transactions due', () => {
  test('all at once never wait for each other in a circle, and every transaction is due once', async () => {
    const integrationId = (await addIntegration(db, { accountId: 'acc', affiliateId: '7' })).id;
    const offerId = await seedOffer(db, integrationId, '7');
    const pull = async (payout: string): Promise<void> => {
      const observedAt = await databaseNow(db);
      const page = { integrationId, accountId: 'acc', settingsVersion: 1, runId: 1n, observedAt, unreadable: [] };
      await inTransaction(db, (tx) => storePage(tx, { ...page, rows: numbers.map((n) => row(n, payout)) }));
    };
    // One by one, so that ids come in the order of the numbers.
    for (const n of numbers) {
      const observedAt = await databaseNow(db);
      const page = { integrationId, accountId: 'acc', settingsVersion: 1, runId: 1n, observedAt, unreadable: [] };
      await inTransaction(db, (tx) => storePage(tx, { ...page, rows: [row(n, '0.50000')] }));
    }
    const throughId = await findLastConversionId(db, integrationId);
    for (let round = 1; round <= ROUNDS; round += 1) {
      await inTransaction(db, (tx) =>
        storeClicks(
          tx,
          numbers.map((n) => ({
            accountId: 'acc',
            clickId: round === 1 ? adOf(n) : `${adOf(n)}/${round}`,
            messageId: 'Msg00001',
            offerId: null,
            clickedAt: new Date('2026-05-02T00:00:00Z'),
            isBot: false,
          })),
        ),
      );
      // The same transactions once more, whichever click is new.
      await sql`INSERT INTO reopen_marks (account_id, kind, key)
        SELECT 'acc', 'click', ad_id FROM unnest(${numbers.map(adOf)}::text[]) AS ad_id`.execute(db);
      await storePostbacks(
        db,
        numbers.map((n) =>
          acceptedDelivery(offerId, {
            ...{ txn_id: adOf(n), click_id: null, message_id: null, goal_id: null, event: null },
            ...{ status: 'approved', amount: `${round}.00000`, currency: 'USD' },
          }),
        ),
      );
      await inTransaction(db, (tx) =>
        startReattribution(tx, {
          ...{ integrationId, settingsVersion: 1, conversionIds: null, from: null, to: null, throughId },
        }),
      );
      await sql`DELETE FROM due_transactions`.execute(db);
      await Promise.all([
        pull(`${round}.25000`),
        inTransaction(db, (tx) => admitPostbacks(tx, 1_000)),
        inTransaction(db, (tx) => reopenMarked(tx, 2_000)),
        inTransaction(db, (tx) => reattributeBatch(tx, 1_000)),
        inTransaction(db, (tx) => reattributeBatch(tx, 1_000)),
        inTransaction(db, (tx) => reopenMarked(tx, 2_000)),
      ]);
      const { rows: due } = await sql<{ due: number; all: number }>`
        SELECT (SELECT count(*)::int FROM due_transactions) AS due,
          (SELECT count(DISTINCT transaction_id)::int FROM conversions) AS all`.execute(db);
      expect(due).toEqual([{ due: TRANSACTIONS, all: TRANSACTIONS }]);
    }
    // What a transaction is known by needs no row to be found by.
    const { rows: lookups } = await sql`
      SELECT 1 FROM transaction_lookups WHERE key = ${lookupKeyOf('acc', 'click', adOf(0))}`.execute(db);
    expect(lookups).toHaveLength(0);
    expect(failures.filter((code) => code === '40P01')).toEqual([]);
    // Connections tell of their deadlocks at the latest when they end.
    await close();
    const told = await askDatabase<{ deadlocks: string }>(
      database.url,
      'SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()',
    );
    expect(told.map(({ deadlocks }) => Number(deadlocks))).toEqual([0]);
  }, 120_000);
});
