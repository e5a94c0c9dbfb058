import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createImportRun, createOfferRun, inTransaction, openDatabase, type Database } from '@trackly-tune/database';
import { createQueues, type Queues } from '@trackly-tune/queues';
import { openTune } from '@trackly-tune/service-stores';
import { createKeyRing, createLogger, createMetrics, ResourceStack, tokenContext } from '@trackly-tune/service-runtime';
import { addIntegration, createTestDatabase, testRedis, type TestDatabase } from '@trackly-tune/testing';
import { startTuneSimulator, type TuneSimulator } from '@trackly-tune/tune-simulator';
import { setTimeout as sleep } from 'node:timers/promises';
import { offerSyncConfig } from '../src/config.js';
import { startOfferSync } from '../src/service.js';

const KEY = Buffer.alloc(32, 1);
const TOKEN = 'NETsecretOfTheNetwork';

let database: TestDatabase;
let db: Database;
let closeDb: () => Promise<void>;
let simulator: TuneSimulator;
let queues: Queues;
const stack = new ResourceStack((_name, error) => {
  throw error;
});
const lines: string[] = [];
const stopping = new AbortController();

beforeAll(async () => {
  database = await createTestDatabase();
  ({ db, close: closeDb } = openDatabase({ databaseUrl: database.url, name: 'offer-sync-service-test' }));
  simulator = await startTuneSimulator({ networks: [] });
  const redis = testRedis();
  const logger = createLogger({
    service: 'offer-sync',
    level: 'debug',
    destination: { write: (line: string) => void lines.push(line) },
  });
  queues = createQueues({ redisUrl: redis.url, prefix: redis.prefix, logger });
  const config = offerSyncConfig.parse({
    DATABASE_URL: database.url,
    REDIS_URL: redis.url,
    QUEUE_PREFIX: redis.prefix,
    ENCRYPTION_KEYS: `k1:${KEY.toString('base64')}`,
    TUNE_API_URL: simulator.apiUrl,
    TUNE_RATE_LIMIT: '100/1',
    OFFER_PAGE_MAX: '3',
  });
  await startOfferSync(
    { config, logger, metrics: createMetrics('offer-sync'), stack, signal: stopping.signal },
    { openTune, pid: process.pid },
  );
});
afterAll(async () => {
  stopping.abort();
  await stack.close(5_000);
  await queues.close();
  await simulator.close();
  await closeDb();
  await database.drop();
});

/** An integration with a network of the simulator that has these offers. */
async function connect(offers: NonNullable<Parameters<TuneSimulator['addNetwork']>[0]['offers']>) {
  const integrationId = (await addIntegration(db, { accountId: 'acme', affiliateId: '7' })).id;
  const { network_id: networkId } = await db
    .updateTable('integrations')
    .set({ network_token_sealed: createKeyRing([{ id: 'k1', key: KEY }]).seal(TOKEN, tokenContext(integrationId)) })
    .where('id', '=', integrationId)
    .returning('network_id')
    .executeTakeFirstOrThrow();
  const network = simulator.addNetwork({ id: networkId, token: TOKEN, affiliates: [{ id: '7' }], offers });
  return { integrationId, networkId, network };
}

async function ended(runId: bigint) {
  for (;;) {
    const run = await db.selectFrom('sync_runs').selectAll().where('id', '=', runId).executeTakeFirstOrThrow();
    if (!['queued', 'running'].includes(run.status)) return run;
    await sleep(50);
  }
}

describe('the offer-sync service against a network over HTTP', () => {
  test('fetches the catalogue of every status by pages, imports by choice, and follows what changes', async () => {
    const { integrationId, networkId, network } = await connect([
      { id: '1', name: 'Zażółć <b>🎯</b>', status: 'active' },
      { id: '2', name: 'B', status: 'deleted' },
      { id: '3', name: 'C', status: 'pending' },
      { id: '4', name: 'D', status: 'expired' },
    ]);
    const sync = await inTransaction(db, (tx) => createOfferRun(tx, { integrationId, trigger: 'manual' }));
    await queues.wake('sync-network-offers', { networkId });
    expect(await ended(sync.id)).toMatchObject({ status: 'succeeded', fetched: 4, inserted: 4, api_calls: 2 });
    const catalogue = await db
      .selectFrom('catalogue_offers')
      .select(['external_id', 'name', 'tune_status'])
      .where('integration_id', '=', integrationId)
      .orderBy('external_id')
      .execute();
    expect(catalogue.map((offer) => offer.tune_status)).toEqual(['active', 'deleted', 'pending', 'expired']);
    expect(catalogue[0]?.name).toBe('Zażółć <b>🎯</b>');

    const importing = await inTransaction(db, (tx) =>
      createImportRun(tx, { integrationId, externalIds: ['1', '2', '77'] }),
    );
    await queues.wake('sync-network-offers', { networkId });
    expect((await ended(importing.id)).items).toEqual([
      { external_id: '1', result: 'imported' },
      { external_id: '2', result: 'deleted' },
      { external_id: '77', result: 'unknown' },
    ]);

    network.putOffer({ id: '1', name: 'Zażółć <b>🎯</b>', status: 'paused' });
    const again = await inTransaction(db, (tx) => createOfferRun(tx, { integrationId, trigger: 'manual' }));
    // No wake-up: the worker finds by itself what the queue lost.
    expect(await ended(again.id)).toMatchObject({ status: 'succeeded', updated: 1, unchanged: 3 });
    const offer = await db
      .selectFrom('offers')
      .select(['status', 'tune_status'])
      .where('integration_id', '=', integrationId)
      .executeTakeFirst();
    expect(offer).toEqual({ status: 'paused', tune_status: 'paused' });
  });

  test('a proxy’s 403 in between says nothing of the token: it is told as what it is, and asked again', async () => {
    const { integrationId, networkId } = await connect([{ id: '1', name: 'A' }]);
    simulator.faults.next('proxy_page', { network: networkId });
    const run = await inTransaction(db, (tx) => createOfferRun(tx, { integrationId, trigger: 'manual' }));
    await queues.wake('sync-network-offers', { networkId });
    expect(await ended(run.id)).toMatchObject({ status: 'succeeded' });
    const log = await db
      .selectFrom('integration_log')
      .select(['level', 'code', 'message'])
      .where('integration_id', '=', integrationId)
      .where('level', '<>', 'info')
      .execute();
    expect(log).toEqual([{ level: 'warn', code: 'not_tune', message: expect.stringContaining('HTTP 403') }]);
  });

  test('a refused token fails the run with its code, and the token is nowhere to be read', async () => {
    const { integrationId, networkId, network } = await connect([{ id: '1', name: 'A' }]);
    network.configure({ token: 'another' });
    const run = await inTransaction(db, (tx) => createOfferRun(tx, { integrationId, trigger: 'manual' }));
    await queues.wake('sync-network-offers', { networkId });
    expect(await ended(run.id)).toMatchObject({ status: 'failed', error_code: 'token_rejected' });
    const log = await db.selectFrom('integration_log').selectAll().execute();
    const everything = `${JSON.stringify(log, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value))}${lines.join('')}`;
    expect(everything).not.toContain(TOKEN);
  });
});
