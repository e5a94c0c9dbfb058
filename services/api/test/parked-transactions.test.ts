import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parkItem, relayLedger } from '@trackly-tune/database';
import { toPublicId } from '@trackly-tune/domain';
import { sql } from 'kysely';
import { addIntegration } from '@trackly-tune/testing';
import { seedConversion, seedEntries } from '../../../packages/database/test/seed-books.js';
import { startApiWorld, type ApiWorld } from './api-world.js';

let world: ApiWorld;
let acme: { accountId: string; integrationId: bigint };
let numbered: { accountId: string; integrationId: bigint };
let settling: bigint[];
let dueIds: bigint[];
let numbering: bigint;

/** Makes the transaction of a conversion due; returns the number of its row. */
async function makeDue(conversionId: bigint): Promise<bigint> {
  const { rows } = await sql<{ id: bigint }>`
    INSERT INTO due_transactions (integration_id, transaction_id, cause, background)
    SELECT integration_id, transaction_id, 'pull', false FROM conversions WHERE id = ${conversionId}
    RETURNING id`.execute(world.db);
  return rows[0]?.id ?? 0n;
}

beforeAll(async () => {
  world = await startApiWorld();
  const { db } = world;
  acme = { accountId: 'acme', integrationId: (await addIntegration(db, { accountId: 'acme', affiliateId: '7' })).id };
  numbered = {
    accountId: 'other',
    integrationId: (await addIntegration(db, { accountId: 'other', affiliateId: '7' })).id,
  };
  settling = [];
  dueIds = [];
  for (let n = 0; n < 3; n += 1) {
    const conversionId = await seedConversion(db, acme);
    const id = await makeDue(conversionId);
    await parkItem(
      db,
      'transaction',
      { id, ...acme },
      Object.assign(new Error('text for operators'), { code: '23514' }),
    );
    settling.push(conversionId);
    dueIds.push(id);
  }
  const conversionId = await seedConversion(db, numbered);
  const place = { messageId: null, creativeId: null, campaignId: null, day: '2026-10-31', currency: 'USD' };
  const worth = { revenueE5: 1n, unconfirmedE5: 0n, pendingE5: 0n, conversions: 1 };
  const entry = { ...numbered, ...place, ...worth, conversionId, entryNo: 1, externalOfferId: '10' };
  await parkItem(db, 'ledger', { id: numbered.integrationId, ...numbered }, new Error('boom'));
  await seedEntries(db, [entry]);
  await relayLedger(db, 100);
  numbering = conversionId;
});
afterAll(() => world.close());

const list = async (query: string, key: 'all' | 'acme' | 'other' = 'all') => {
  const { status, body } = await world.call('GET', `/v1/parked-transactions?${query}`, { key });
  return { status, next: body['next'], rows: (body['data'] ?? []) as Record<string, unknown>[] };
};

describe('parked transactions', () => {
  test('are listed by account and integration, page by page, with what they wait for', async () => {
    const first = await list('account_id=acme&limit=2');
    expect(first.rows.map(({ id }) => id)).toEqual(settling.slice(0, 2).map((id) => toPublicId('transaction', id)));
    const second = await list(`account_id=acme&limit=2&after=${String(first.next)}`);
    expect({ ids: second.rows.map(({ id }) => id), next: second.next }).toEqual({
      ids: [toPublicId('transaction', settling[2] ?? 0n)],
      next: null,
    });
    expect(second.rows[0]).toMatchObject({
      account_id: 'acme',
      integration_id: toPublicId('integration', acme.integrationId),
      transaction_id: expect.stringMatching(/^ad-event-/),
      conversion_ids: [expect.stringMatching(/^cnv_/)],
      stage: 'settling',
      failures: 1,
      error: { code: '23514', message: expect.not.stringContaining('operators') },
    });
    const [ledger] = (await list(`integration_id=${toPublicId('integration', numbered.integrationId)}`)).rows;
    expect(ledger).toMatchObject({
      id: toPublicId('transaction', numbering),
      stage: 'numbering',
      error: { code: 'internal_error' },
    });
  });

  test('are walled by account, and the list says whose it wants', async () => {
    expect((await list('account_id=acme', 'other')).status).toBe(404);
    expect((await list(`integration_id=${toPublicId('integration', acme.integrationId)}`, 'other')).status).toBe(404);
    expect((await list('')).status).toBe(400);
    const url = `/v1/parked-transactions/${toPublicId('transaction', settling[0] ?? 0n)}/retry`;
    expect((await world.call('POST', url, { key: 'other' })).status).toBe(404);
    expect((await world.call('POST', url, { key: null })).status).toBe(401);
  });

  test.each(['settling', 'numbering'] as const)(
    'one at the stage %s is tried again when a person asks',
    async (stage) => {
      const id = stage === 'settling' ? (settling[0] ?? 0n) : numbering;
      const asked = await world.call('POST', `/v1/parked-transactions/${toPublicId('transaction', id)}/retry`);
      expect(asked.status).toBe(202);
      expect(Date.parse(asked.body['next_try_at'] as string)).toBeLessThanOrEqual(Date.now() + 1_000);
      const itemId = stage === 'settling' ? dueIds[0] : numbered.integrationId;
      const { rows } = await sql`SELECT 1 FROM parked_items
      WHERE kind = ${stage === 'settling' ? 'transaction' : 'ledger'} AND item_id = ${itemId} AND not_before <= clock_timestamp()`.execute(
        world.db,
      );
      expect(rows).toHaveLength(1);
    },
  );

  test('a run that ended without some says how many, and why it has failed', async () => {
    const { rows } = await sql<{ id: bigint }>`
      INSERT INTO sync_runs (integration_id, kind, trigger, status, finished_at, parked, error_code, error_message)
      VALUES (${acme.integrationId}, 'conversions', 'manual', 'failed', now(), 3, 'transactions_parked',
        'Three are parked')
      RETURNING id`.execute(world.db);
    const { body } = await world.call('GET', `/v1/sync-runs/${toPublicId('run', rows[0]?.id ?? 0n)}`);
    expect(body).toMatchObject({ status: 'failed', counts: { parked: 3 }, error: { code: 'transactions_parked' } });
  });

  test('one that is not parked, and what is no such id, is 404', async () => {
    for (const id of ['txn_999999', 'cnv_1', 'x']) {
      expect((await world.call('POST', `/v1/parked-transactions/${id}/retry`)).status).toBe(404);
    }
  });
});
