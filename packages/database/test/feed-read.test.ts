import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  openDatabase,
  readRevenueChanges,
  relayLedger,
  type Database,
  type RevenueChange,
} from '@trackly-tune/database';
import { addIntegration, createTestDatabase } from '@trackly-tune/testing';
import { seedEntries, seedOffer, type SeededEntry } from './seed-books.js';

let db: Database;
let mine: bigint;
let foreign: bigint;
const closers: (() => Promise<void>)[] = [];

beforeAll(async () => {
  const database = await createTestDatabase();
  const opened = openDatabase({ databaseUrl: database.url, name: 'feed-test', connectionsMax: 16 });
  db = opened.db;
  closers.push(opened.close, database.drop);
  mine = (await addIntegration(db, { accountId: 'acc', affiliateId: '7' })).id;
  foreign = (await addIntegration(db, { accountId: 'other', affiliateId: '7' })).id;
});
afterAll(async () => {
  for (const close of closers) await close();
});

const entryOf = (conversionId: bigint, integrationId: bigint, accountId: string): SeededEntry => ({
  conversionId,
  entryNo: 1,
  accountId,
  integrationId,
  messageId: 'mmmmmmm1',
  creativeId: 'creative',
  campaignId: null,
  externalOfferId: '10',
  day: '2026-10-31',
  currency: 'USD',
  revenueE5: 100_000n,
  unconfirmedE5: 0n,
  pendingE5: 0n,
  conversions: 1,
});

describe('the feed', () => {
  test('hands out every entry once and in order, while writers and relays work', async () => {
    const writers = 6;
    const each = 15;
    const total = writers * each;
    let writing = writers;
    const write = async (writer: number): Promise<void> => {
      for (let turn = 0; turn < each; turn++) {
        const id = BigInt(writer * each + turn + 1);
        // Two entries in one transaction: mine, and one that the feed of this account must pass over.
        await db.transaction().execute(async (tx) => {
          await seedEntries(tx, [entryOf(id, mine, 'acc'), entryOf(id + 10_000n, foreign, 'other')]);
        });
      }
      writing -= 1;
    };
    const relay = async (): Promise<void> => {
      while (writing > 0 || (await relayLedger(db, 1000)) > 0) await relayLedger(db, 7);
    };
    const follow = async (): Promise<RevenueChange[]> => {
      const seen: RevenueChange[] = [];
      while (seen.length < total) {
        const after = seen.at(-1)?.seq ?? 0n;
        seen.push(...(await readRevenueChanges(db, { accountId: 'acc' }, { after, limit: 4 })));
      }
      return seen;
    };
    const [seen] = await Promise.all([
      follow(),
      relay(),
      relay(),
      ...Array.from({ length: writers }, (_, writer) => write(writer)),
    ]);
    expect(new Set(seen.map((change) => change.conversion_id)).size).toBe(total);
    expect(seen).toHaveLength(total);
    const sequence = seen.map((change) => change.seq);
    expect(sequence).toEqual(sequence.toSorted((a, b) => Number(a - b)));
    expect(await readRevenueChanges(db, { integrationId: mine }, { after: 0n, limit: 1000 })).toEqual(seen);
    const both = await readRevenueChanges(db, { integrationId: foreign }, { after: 0n, limit: 1000 });
    const numbers = [...sequence, ...both.map((change) => change.seq)].toSorted((a, b) => Number(a - b));
    expect(numbers).toEqual(Array.from({ length: 2 * total }, (_, index) => BigInt(index + 1)));
  });

  test('names our offer once it was imported', async () => {
    const first = async () => (await readRevenueChanges(db, { accountId: 'acc' }, { after: 0n, limit: 1 }))[0];
    expect(await first()).toMatchObject({ offer_id: null, external_offer_id: '10' });
    const offerId = await seedOffer(db, mine, '10');
    expect(await first()).toMatchObject({ offer_id: offerId, external_offer_id: '10' });
  });
});
