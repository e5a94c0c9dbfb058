import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { expireOffers } from '@trackly-tune/database';
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

async function begin(changes?: Parameters<OfferWorld['addIntegration']>[1]): Promise<void> {
  networkId = `ends-${++networks}`;
  network = new ScriptedNetwork();
  id = await world.addIntegration(networkId, changes);
}
beforeEach(() => begin());

const PAST = '2020-01-01 04:00:00';
const LATER = '2096-01-01 00:00:00';
const sync = () => world.sync(id, networkId, network);
const importOffers = (...ids: string[]) => world.importOffers(id, networkId, network, ids);

async function statuses(): Promise<string[]> {
  return (await world.offers(id)).map((line) => line.split(' | ').slice(0, 1).concat(line.split(' | ')[2]!).join(' '));
}

/** Makes the expiration of an offer come: as far as we know it was a minute ago. The catalogue says what it said. */
const letCome = (externalId: string) =>
  sql`
  UPDATE offers SET expires_at = now() - interval '1 minute'
  WHERE integration_id = ${id} AND external_id = ${externalId}`.execute(world.db);

describe('a look at the network', () => {
  test('finds offers that are over expired, whatever status TUNE left them; deleted ones stay archived', async () => {
    network.put(
      networkOffer(1, { expirationDate: PAST }),
      networkOffer(2, { expirationDate: PAST, tuneStatus: 'pending' }),
      networkOffer(3, { expirationDate: PAST, tuneStatus: 'paused' }),
      networkOffer(4, { isExpired: true }),
      networkOffer(5, { expirationDate: LATER }),
      networkOffer(6, { expirationDate: 'soon' }),
      networkOffer(7),
    );
    await importOffers('1', '2', '3', '4', '5', '6', '7');
    const expected = ['1 expired', '2 expired', '3 expired', '4 expired', '5 active', '6 active', '7 active'];
    expect(await statuses()).toEqual(expected);
    network.put(networkOffer(1, { expirationDate: PAST, tuneStatus: 'deleted' }));
    await sync();
    expect((await statuses())[0]).toBe('1 archived');
  });

  test('keeps raw text and moment, and writes nothing while both stay', async () => {
    network.put(networkOffer(1, { expirationDate: '2095-07-01 00:00:00' }), networkOffer(2));
    await importOffers('1', '2');
    const { rows } = await sql`
      SELECT c.expiration_date AS text, c.expires_at AS catalogue, o.expires_at AS offer FROM offers o
      JOIN catalogue_offers c USING (integration_id, external_id) WHERE o.integration_id = ${id}
      ORDER BY external_id`.execute(world.db);
    const at = new Date('2095-07-01T04:00:00Z');
    expect(rows).toEqual([
      { text: '2095-07-01 00:00:00', catalogue: at, offer: at },
      { text: null, catalogue: null, offer: null },
    ]);
    const before = await world.physical(id);
    await sync();
    expect(await world.physical(id)).toEqual(before);
  });

  test('makes an offer what TUNE says again when its expiration moves into the future', async () => {
    network.put(networkOffer(1, { expirationDate: PAST, isExpired: true }));
    await importOffers('1');
    network.put(networkOffer(1, { expirationDate: LATER }));
    await sync();
    expect(await statuses()).toEqual(['1 active']);
    network.put(networkOffer(1, { expirationDate: null, tuneStatus: 'pending' }));
    await sync();
    expect(await statuses()).toEqual(['1 paused']);
    expect(await world.statusHistory(id)).toEqual([
      'import → expired',
      'sync expired → active',
      'sync active → paused',
    ]);
  });

  test('does not import by itself what is over, and does when it is not any more', async () => {
    await begin({ autoImport: true });
    network.put(networkOffer(1, { expirationDate: PAST }), networkOffer(2, { isExpired: true }), networkOffer(3));
    await sync();
    expect(await statuses()).toEqual(['3 active']);
    network.put(networkOffer(1, { expirationDate: LATER }));
    await sync();
    await sync();
    expect(await statuses()).toEqual(['1 active', '3 active']);
  });
});

describe('between two looks', () => {
  test('an expiration that comes is written once, with its history, and a later look changes nothing', async () => {
    network.put(networkOffer(1, { expirationDate: LATER }), networkOffer(2, { expirationDate: LATER }));
    await importOffers('1', '2');
    expect(await expireOffers(world.db)).toBe(0);
    await letCome('1');
    expect(await expireOffers(world.db)).toBe(1);
    expect(await expireOffers(world.db)).toBe(0);
    expect(await statuses()).toEqual(['1 expired', '2 active']);
    expect(await world.statusHistory(id)).toEqual(['import → active', 'import → active', 'expired active → expired']);
    network.put(networkOffer(1, { expirationDate: PAST }));
    await sync();
    expect(await statuses()).toEqual(['1 expired', '2 active']);
    expect(await world.statusHistory(id)).toHaveLength(3);
    network.put(networkOffer(1, { expirationDate: LATER, tuneStatus: 'pending' }));
    await sync();
    expect(await statuses()).toEqual(['1 paused', '2 active']);
  });

  test('a status that a person wrote, or that the rules never take, stays', async () => {
    network.put(networkOffer(1, { expirationDate: LATER }));
    await importOffers('1');
    await sql`UPDATE offers SET edited_fields = '{status}' WHERE integration_id = ${id}`.execute(world.db);
    await letCome('1');
    expect(await expireOffers(world.db)).toBe(0);
    for (const rule of ['first', 'never']) {
      await begin({ rules: { status: rule } });
      network.put(networkOffer(1, { expirationDate: LATER }));
      await importOffers('1');
      await letCome('1');
      expect(await expireOffers(world.db)).toBe(0);
    }
  });

  test('one that vanished expires too, and comes back as what TUNE says', async () => {
    network.put(networkOffer(1, { expirationDate: LATER }), networkOffer(2));
    await importOffers('1');
    network.offers.delete('1');
    await sync();
    await sync();
    await letCome('1');
    await expireOffers(world.db);
    network.put(networkOffer(1, { expirationDate: LATER }));
    await sync();
    expect(await world.statusHistory(id)).toEqual([
      'import → active',
      'vanished active → paused',
      'expired paused → expired',
      'returned expired → active',
    ]);
  });

  test('copies that look at once write one entry', async () => {
    network.put(networkOffer(1, { expirationDate: LATER }));
    await importOffers('1');
    await letCome('1');
    const taken = await Promise.all([1, 2, 3, 4].map(() => expireOffers(world.db)));
    expect(taken.reduce((sum, one) => sum + one, 0)).toBe(1);
    expect(await world.statusHistory(id)).toEqual(['import → active', 'expired active → expired']);
  });
});
