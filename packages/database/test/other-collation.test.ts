import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  inTransaction,
  listAvailableOffers,
  migrateToLatest,
  openDatabase,
  readNewlyActive,
  readRevenue,
  relayLedger,
  storeCataloguePage,
  type Database,
} from '@trackly-tune/database';
import type { CatalogueOffer } from '@trackly-tune/domain';
import { addIntegration, askDatabase, createEmptyDatabase, type TestDatabase } from '@trackly-tune/testing';
import { seedEntries } from './seed-books.js';

/** Orders by the alphabet and not by bytes, and knows an I that is no capital i. */
const ICU_LOCALE = 'tr-TR';
/** Texts that bytes and alphabets put in different orders. */
const IDS = ['a', 'B', '_', 'Z', 'z', '-1', '1', '10', '9', 'ä', 'É', 'I', 'i', 'ı', 'İ', 'aa', 'A-a', 'a a'];
const RUN_ID = 7n;

interface World {
  readonly database: TestDatabase;
  readonly db: Database;
  readonly integrationId: bigint;
  close(): Promise<void>;
}

const catalogueOffer = (externalId: string, index: number): CatalogueOffer => ({
  ...{ externalId, name: `MINI ${externalId}`, tuneStatus: index % 2 === 0 ? 'ACTIVE' : 'EXPIRED', offerUrl: null },
  ...{ defaultPayout: null, percentPayout: null, payoutType: null, currency: null },
  ...{ advertiserId: null, advertiserName: null, expirationDate: null, expiresAt: null, isExpired: false },
});

async function openWorld(options: { collation: string }): Promise<World> {
  const database = await createEmptyDatabase(options);
  await migrateToLatest({ databaseUrl: database.url });
  const { db, close } = openDatabase({ databaseUrl: database.url, name: 'other-collation.test' });
  const { id: integrationId } = await addIntegration(db, { accountId: 'acme' });
  await inTransaction(db, (tx) =>
    storeCataloguePage(tx, { integrationId, runId: RUN_ID, offers: IDS.map(catalogueOffer) }),
  );
  await seedEntries(
    db,
    IDS.map((id, index) => ({
      ...{ conversionId: BigInt(index + 1), entryNo: 1, accountId: 'acme', integrationId, externalOfferId: id },
      ...{ messageId: `m ${id}`, creativeId: id, campaignId: index % 3 === 0 ? null : id, day: '2026-05-01' },
      ...{ currency: 'USD', revenueE5: BigInt(index + 1), unconfirmedE5: 0n, pendingE5: 0n, conversions: 1 },
    })),
  );
  while ((await relayLedger(db, 100)) === 100);
  return {
    ...{ database, db, integrationId },
    async close() {
      await close();
      await database.drop();
    },
  };
}

let worlds: readonly World[] = [];
beforeAll(async () => {
  worlds = [await openWorld({ collation: 'C' }), await openWorld({ collation: ICU_LOCALE })];
});
afterAll(async () => {
  for (const world of worlds) await world.close();
});

/** What both databases answer; fails when they differ. */
async function sameOf<Answer>(ask: (world: World) => Promise<Answer>): Promise<Answer> {
  const [one, other] = await Promise.all(worlds.map(ask));
  expect(other).toEqual(one);
  return one as Answer;
}

describe('a database whose language orders and spells texts in its own way', () => {
  test('is one, so that this file compares something', async () => {
    const orders = await Promise.all(
      worlds.map(({ database }) =>
        askDatabase(
          database.url,
          `SELECT array_agg(t ORDER BY t) AS sorted, lower('I') AS lower FROM unnest(ARRAY['B', 'a']) t`,
        ),
      ),
    );
    expect(orders[1]).toEqual([{ sorted: ['a', 'B'], lower: 'ı' }]);
    expect(orders[0]).not.toEqual(orders[1]);
  });

  test.each([undefined, 'active', 'expired', 'paused'] as const)(
    'pages the offers of a network alike: %s',
    async (status) => {
      const found = await sameOf(async ({ db, integrationId }) => {
        const pages: string[] = [];
        for (let offset = 0; ; offset += 4) {
          const { rows } = await listAvailableOffers(db, { integrationId, status }, { limit: 4, offset });
          pages.push(...rows.map((row) => row.external_id));
          if (rows.length < 4) return pages;
        }
      });
      expect(found).toHaveLength(status === undefined ? IDS.length : status === 'paused' ? 0 : IDS.length / 2);
    },
  );

  test('finds the offers of a network by a name in other letters', async () => {
    const total = await sameOf(
      async ({ db, integrationId }) =>
        (await listAvailableOffers(db, { integrationId, search: 'mini' }, { limit: 50, offset: 0 })).total,
    );
    expect(total).toBe(IDS.length);
  });

  test('knows which offers are active for the first time', async () => {
    const found = await sameOf(async ({ db, integrationId }) =>
      (await readNewlyActive(db, { integrationId, runId: RUN_ID, offersMax: 50 })).map(({ externalId }) => externalId),
    );
    expect(found).toEqual(IDS.filter((_, index) => index % 2 === 0).sort());
  });

  test.each([[['creative']], [['campaign']], [['offer']], [['message']], [['creative', 'campaign']]] as const)(
    'orders the books alike by %j',
    async (groupBy) => {
      const rows = await sameOf(async ({ db, integrationId }) => {
        const pages: unknown[] = [];
        for (let page = 1; ; page++) {
          const asked = { scope: { integrationId }, groupBy: [...groupBy], asOf: 'latest', page, perPage: 5 } as const;
          const answer = await readRevenue(db, asked);
          pages.push(...answer.rows);
          if (answer.rows.length < 5) return pages;
        }
      });
      expect(rows.length).toBeGreaterThan(10);
    },
  );
});
