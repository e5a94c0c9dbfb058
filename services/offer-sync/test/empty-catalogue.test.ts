import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createOfferRun, inTransaction } from '@trackly-tune/database';
import { sql } from 'kysely';
import { networkOffer, openOfferWorld, ScriptedNetwork, type OfferWorld } from './offer-world.js';

let world: OfferWorld;
let network: ScriptedNetwork;
let networkId: string;
let id: bigint;
let networks = 0;

beforeAll(async () => {
  world = await openOfferWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  networkId = `empty-${++networks}`;
  network = new ScriptedNetwork();
  network.put(networkOffer(1), networkOffer(2), networkOffer(3, { tuneStatus: 'deleted' }));
  id = await world.addIntegration(networkId);
  await world.importOffers(id, networkId, network, ['1', '2']);
});

const create = (acceptEmpty?: boolean) =>
  inTransaction(world.db, (tx) =>
    createOfferRun(tx, {
      ...{ integrationId: id, networkId, trigger: 'manual' },
      ...(acceptEmpty === undefined ? {} : { acceptEmpty }),
    }),
  );

async function workToTheEnd(run: bigint): Promise<Record<string, unknown>> {
  await world.work(networkId, network);
  await world.outlastWaits(networkId, network);
  return world.run(run);
}

async function sync(acceptEmpty?: boolean): Promise<Record<string, unknown>> {
  return workToTheEnd((await create(acceptEmpty)).id);
}

const statuses = async () => (await world.offers(id)).map((line) => line.split(' | ')[2]);

async function missed(): Promise<number[]> {
  const { rows } = await sql<{ missed: number }>`
    SELECT missed_catalogues AS missed FROM catalogue_offers WHERE integration_id = ${id} ORDER BY external_id`.execute(
    world.db,
  );
  return rows.map((row) => row.missed);
}

describe('a catalogue that is whole and empty', () => {
  test('is read three times, then its run fails, each time: nothing is paused or taken for missing', async () => {
    network.offers.clear();
    const before = await world.physical(id);
    network.calls = 0;
    for (let times = 1; times <= 3; times++) {
      expect(await sync()).toMatchObject({ status: 'failed', error_code: 'catalogue_empty', fetched: 0 });
      expect(network.calls).toBe(3 * times);
    }
    expect(await world.physical(id)).toEqual(before);
    const { rows } = await sql`
      SELECT DISTINCT level, code, context->>'offers_before' AS before FROM integration_log
      WHERE integration_id = ${id} AND code <> 'run_started'`.execute(world.db);
    expect(rows).toEqual([{ level: 'warn', code: 'catalogue_empty', before: '3' }]);
    const failed = await sql<{ error_message: string }>`
      SELECT error_message FROM sync_runs WHERE integration_id = ${id} AND status = 'failed'`.execute(world.db);
    expect(failed.rows[0]?.error_message).toContain('{"accept_empty": true}');
  });

  test.each<[string, Partial<{ count: null; pageCount: null }>]>([
    ['without counts', { count: null, pageCount: null }],
    ['without a number of pages', { pageCount: null }],
  ])('%s is none to believe either', async (_title, change) => {
    network.offers.clear();
    network.answer = (page) => ({ ...page, ...change });
    expect(await sync()).toMatchObject({ status: 'failed', error_code: 'catalogue_empty' });
    expect(await statuses()).toEqual(['active', 'active']);
  });

  test('and then is not, succeeds: it was a lapse', async () => {
    let lapses = 2;
    network.answer = (page) => (lapses-- > 0 ? { ...page, offers: [], keys: [], count: 0, pageCount: 0 } : page);
    expect(await sync()).toMatchObject({ status: 'succeeded', fetched: 3 });
    expect(await statuses()).toEqual(['active', 'active']);
  });

  test('is fine where there never was an offer, and fails an import where there was', async () => {
    network.offers.clear();
    const other = await world.addIntegration(`${networkId}-new`);
    const run = await world.sync(other, `${networkId}-new`, network);
    expect(await world.run(run)).toMatchObject({ status: 'succeeded', fetched: 0 });
    const importing = await world.importOffers(id, networkId, network, ['3']);
    expect(await workToTheEnd(importing)).toMatchObject({ status: 'failed', error_code: 'catalogue_empty' });
  });

  test('is not one of which some entries have no id', async () => {
    network.offers.clear();
    network.answer = (page) => ({ ...page, unreadable: 1, keys: ['1/{}'], count: 1, pageCount: 1 });
    expect(await sync()).toMatchObject({ status: 'succeeded' });
    expect(await missed()).toEqual([0, 0, 0]);
  });

  test('does not count beside a miss before it: two complete ones in a row are still two', async () => {
    network.offers.delete('1');
    await sync();
    const left = [...network.offers.values()];
    network.offers.clear();
    await sync();
    expect(await missed()).toEqual([1, 0, 0]);
    network.put(...left);
    await sync();
    expect(await statuses()).toEqual(['paused', 'active']);
  });
});

describe('a person’s word that an empty catalogue is right', () => {
  test('counts at once, in one reading, and from then on an empty one is no surprise', async () => {
    network.offers.clear();
    network.calls = 0;
    expect(await sync(true)).toMatchObject({ status: 'succeeded', fetched: 0 });
    expect(network.calls).toBe(1);
    expect(await statuses()).toEqual(['paused', 'paused']);
    expect(await missed()).toEqual([2, 2, 2]);
    const codes = ['catalogue_empty_accepted', 'offer_vanished', 'offer_vanished'];
    expect(await world.logCodes(id)).toEqual(codes);
    expect(await sync()).toMatchObject({ status: 'succeeded' });
    expect(await world.logCodes(id)).toEqual(codes);
    network.put(networkOffer(1));
    expect(await sync()).toMatchObject({ status: 'succeeded' });
    expect(await statuses()).toEqual(['active', 'paused']);
    network.offers.clear();
    expect(await sync()).toMatchObject({ status: 'failed', error_code: 'catalogue_empty' });
  });

  test('changes nothing where the catalogue is not empty: one miss is still one', async () => {
    network.offers.delete('1');
    expect(await sync(true)).toMatchObject({ status: 'succeeded' });
    expect(await statuses()).toEqual(['active', 'active']);
    expect(await missed()).toEqual([1, 0, 0]);
  });

  test('is taken over by a run that waits, and never taken back', async () => {
    network.offers.clear();
    const waiting = await create();
    expect(await create(true)).toEqual({ id: waiting.id, created: false });
    expect(await create(false)).toEqual({ id: waiting.id, created: false });
    expect(await workToTheEnd(waiting.id)).toMatchObject({ status: 'succeeded' });
    expect(await statuses()).toEqual(['paused', 'paused']);
  });

  test('makes a run of its own where one has begun', async () => {
    network.offers.clear();
    const begun = await create();
    let said: { id: bigint; created: boolean } | null = null;
    network.beforePage = async () => {
      said ??= await create(true);
    };
    await workToTheEnd(begun.id);
    expect(said).toMatchObject({ created: true });
    expect(await world.run(said!.id)).toMatchObject({ status: 'succeeded', api_calls: 1 });
    // It was doubted once, and when it is read again there is nothing left to be lost.
    expect(await world.run(begun.id)).toMatchObject({ status: 'succeeded', api_calls: 2 });
    expect((await world.logCodes(id)).slice(0, 2)).toEqual(['catalogue_empty', 'catalogue_empty_accepted']);
  });

  test('is remembered by a run whose worker died', async () => {
    network.offers.clear();
    const { id: run } = await create(true);
    const stop = new AbortController();
    network.beforePage = () => stop.abort(new Error('killed'));
    await world.work(networkId, network, { signal: stop.signal });
    expect(await world.run(run)).toMatchObject({ status: 'running' });
    network.beforePage = () => undefined;
    expect(await workToTheEnd(run)).toMatchObject({ status: 'succeeded' });
    expect(await statuses()).toEqual(['paused', 'paused']);
  });
});
