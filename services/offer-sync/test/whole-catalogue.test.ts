import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { sweepCataloguePages, sweepSlicePages } from '@trackly-tune/database';
import type { OfferPage } from '@trackly-tune/tune-client';
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
  networkId = `whole-${++networks}`;
  network = new ScriptedNetwork();
  // Pages of two.
  network.put(...[1, 2, 3, 4, 5].map((n) => networkOffer(n)));
  id = await world.addIntegration(networkId);
});

async function syncToTheEnd(): Promise<Record<string, unknown>> {
  const run = await world.sync(id, networkId, network);
  await world.outlastWaits(networkId, network);
  return world.run(run);
}

async function keptPages(): Promise<number> {
  const { rows } = await sql<{ pages: number }>`
    SELECT count(*)::int AS pages FROM sync_slices s
    JOIN (SELECT slice_id FROM slice_pages UNION ALL SELECT slice_id FROM catalogue_pages) p ON p.slice_id = s.id
    WHERE s.integration_id = ${id}`.execute(world.db);
  return rows[0]?.pages ?? -1;
}

/** Answers in another way until the catalogue was read so often. */
function wrong(readings: number, change: (page: OfferPage) => Partial<OfferPage>): void {
  let begun = 0;
  network.answer = (page) => {
    if (page.page === 1) begun += 1;
    return begun > readings ? page : { ...page, ...change(page) };
  };
}

const FAULTS: readonly [string, (page: OfferPage) => Partial<OfferPage>, number][] = [
  ['a page that is empty too early', ({ page }) => (page === 2 ? { offers: [], keys: [] } : {}), 2],
  [
    'a page that is short',
    ({ page, offers, keys }) => (page === 2 ? { offers: offers.slice(1), keys: keys.slice(1) } : {}),
    4,
  ],
  ['nothing in the place of the list', ({ page }) => (page === 2 ? { offers: [], keys: [], listed: false } : {}), 2],
  ['a count that falls', ({ page, count }) => ({ count: (count ?? 0) - (page === 3 ? 1 : 0) }), 3],
  ['the first page again and again', () => ({ offers: [networkOffer(1), networkOffer(2)], keys: ['#1', '#2'] }), 2],
  [
    'the first page again and again, without a count',
    () => ({ offers: [networkOffer(1)], keys: ['#1'], count: null, pageCount: null }),
    2,
  ],
];

describe('a catalogue that is not whole', () => {
  test.each(FAULTS)(
    'by %s is read three times, then its run fails, and no offer is taken for missing',
    async (_title, change, calls) => {
      await syncToTheEnd();
      network.calls = 0;
      wrong(Infinity, change);
      expect(await syncToTheEnd()).toMatchObject({ status: 'failed', error_code: 'report_incomplete' });
      expect(network.calls).toBe(3 * calls);
      expect(await world.logCodes(id)).toEqual(['report_incomplete', 'report_incomplete', 'report_incomplete']);
      const { rows } = await sql`
      SELECT 1 FROM catalogue_offers WHERE integration_id = ${id} AND missed_catalogues > 0`.execute(world.db);
      expect(rows).toEqual([]);
      await sweepSlicePages(world.db, 'offers:');
      await sweepCataloguePages(world.db);
      expect(await keptPages()).toBe(0);
    },
  );

  test.each(FAULTS)('by %s and then is, succeeds and counts each offer once', async (_title, change) => {
    wrong(2, change);
    expect(await syncToTheEnd()).toMatchObject({
      status: 'succeeded',
      fetched: 5,
      inserted: 5,
      unchanged: 0,
      rejected: 0,
    });
    expect(await keptPages()).toBe(0);
  });

  test('still tells of the offers that it held: they are known and kept in step', async () => {
    await syncToTheEnd();
    await world.importOffers(id, networkId, network, ['1']);
    wrong(Infinity, ({ page }) => (page === 3 ? { offers: [], keys: [] } : {}));
    network.put(networkOffer(1, { tuneStatus: 'paused' }));
    expect(await syncToTheEnd()).toMatchObject({ status: 'failed' });
    expect((await world.offers(id))[0]).toContain('| paused | paused |');
  });
});

describe('a catalogue is whole', () => {
  test.each<[string, (page: OfferPage) => Partial<OfferPage>, number]>([
    ['without a number of pages', () => ({ pageCount: null }), 3],
    ['without a count, after an empty page', () => ({ pageCount: null, count: null }), 4],
    ['with more offers than it counted', ({ count }) => ({ count: (count ?? 0) - 2 }), 3],
  ])('%s', async (_title, change, calls) => {
    wrong(Infinity, change);
    expect(await syncToTheEnd()).toMatchObject({ status: 'succeeded', fetched: 5 });
    expect(network.calls).toBe(calls);
  });

  test('although another worker reads its end: what the first one read is known', async () => {
    const stop = new AbortController();
    network.beforePage = (page) => {
      if (page === 3) stop.abort(new Error('killed'));
    };
    const { rows } = await sql<{ id: bigint }>`
      INSERT INTO sync_runs (integration_id, kind, trigger) VALUES (${id}, 'offers', 'manual') RETURNING id`.execute(
      world.db,
    );
    const run = rows[0]?.id ?? 0n;
    await sql`INSERT INTO sync_slices (run_id, integration_id, lease_key)
      VALUES (${run}, ${id}, ${`offers:${networkId}`})`.execute(world.db);
    await world.work(networkId, network, { signal: stop.signal });
    network.beforePage = () => undefined;
    await world.work(networkId, network);
    expect(await world.run(run)).toMatchObject({ status: 'succeeded', fetched: 5, inserted: 5, api_calls: 3 });
  });

  test('although some entries have no id: they came, but then none is taken for missing', async () => {
    await syncToTheEnd();
    network.offers.delete('5');
    network.answer = (page) =>
      page.page === 2 ? { ...page, unreadable: 1, keys: [...page.keys, '1/{}'], count: 5 } : { ...page, count: 5 };
    expect(await syncToTheEnd()).toMatchObject({ status: 'succeeded', fetched: 4, rejected: 1 });
    expect(await world.logCodes(id)).toEqual(['catalogue_incomplete']);
    const { rows } = await sql`
      SELECT 1 FROM catalogue_offers WHERE integration_id = ${id} AND missed_catalogues > 0`.execute(world.db);
    expect(rows).toEqual([]);
  });
});
