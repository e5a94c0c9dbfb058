import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readUnattributed, relayLedger } from '@trackly-tune/database';
import { formatAmountE5 } from '@trackly-tune/domain';
import { sql } from 'kysely';
import { addIntegration } from '@trackly-tune/testing';
import { seedConversion, seedEntries } from '../../../packages/database/test/seed-books.js';
import { startApiWorld, type ApiWorld } from './api-world.js';

/** The most that a bigint of PostgreSQL holds is a little more: two of these are beyond it. */
const LARGE_E5 = 9_000_000_000_000_000_001n;
const ENTRIES = 10;

let world: ApiWorld;
beforeAll(async () => {
  world = await startApiWorld();
  const { db } = world;
  const acme = {
    accountId: 'acme',
    integrationId: (await addIntegration(db, { accountId: 'acme', affiliateId: '7' })).id,
  };
  const place = { messageId: 'mmmmmmm1', creativeId: 'c', campaignId: 'k', day: '2026-10-31', currency: 'USD' };
  for (let n = 0; n < ENTRIES; n += 1) {
    const conversionId = await seedConversion(db, { ...acme, payoutE5: LARGE_E5 });
    const worth = { revenueE5: LARGE_E5, unconfirmedE5: LARGE_E5, pendingE5: -LARGE_E5, conversions: 1 };
    await seedEntries(db, [{ ...acme, ...place, ...worth, conversionId, entryNo: 1, externalOfferId: '10' }]);
    await relayLedger(db, 100);
  }
});
afterAll(() => world.close());

describe('sums beyond what a bigint of PostgreSQL holds', () => {
  const sumOf = (entries: number) => formatAmountE5(LARGE_E5 * BigInt(entries));

  test.each(['message', 'creative', 'offer', 'campaign', 'day', 'integration'])('are exact by %s', async (grouping) => {
    const { body } = await world.call('GET', `/v1/revenue?account_id=acme&group_by=${grouping}`);
    expect(body['data']).toMatchObject([
      {
        ...{ conversions: ENTRIES, revenue: sumOf(ENTRIES), unconfirmed_revenue: sumOf(ENTRIES) },
        pending_revenue: `-${sumOf(ENTRIES)}`,
      },
    ]);
  });

  test.each([1, 4, ENTRIES])('are exact as of number %i, also as CSV', async (seq) => {
    const { body } = await world.call('GET', `/v1/revenue?account_id=acme&group_by=offer&as_of=${seq}`);
    expect(body['data']).toMatchObject([{ revenue: sumOf(seq) }]);
    const csv = await world.call('GET', `/v1/revenue?account_id=acme&group_by=offer&as_of=${seq}&format=csv`);
    expect(String(csv.body['text'])).toContain(`,${sumOf(seq)},`);
  });

  test('are exact in the amounts that wait for a decision', async () => {
    await sql`
      INSERT INTO due_transactions (integration_id, transaction_id, cause, background)
      SELECT DISTINCT integration_id, transaction_id, 'pull'::decision_cause, false FROM conversions`.execute(world.db);
    expect(await readUnattributed(world.db, 10)).toEqual([{ currency: 'USD', amountE5: LARGE_E5 * BigInt(ENTRIES) }]);
  });
});
