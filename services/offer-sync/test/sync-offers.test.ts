import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CodedError } from '@trackly-tune/domain';
import { sql } from 'kysely';
import { networkOffer, openOfferWorld, ScriptedNetwork, type OfferWorld } from './offer-world.js';

let world: OfferWorld;
beforeAll(async () => {
  world = await openOfferWorld();
});
afterAll(() => world.close());

let networks = 0;
/** A network and an integration of their own, so that cases do not meet. */
async function start(changes?: Parameters<OfferWorld['addIntegration']>[1]) {
  const networkId = `net-${++networks}`;
  const network = new ScriptedNetwork();
  const id = await world.addIntegration(networkId, changes);
  return {
    id,
    networkId,
    network,
    sync: () => world.sync(id, networkId, network),
    importOffers: (...ids: string[]) => world.importOffers(id, networkId, network, ids),
    offers: () => world.offers(id),
  };
}

describe('the catalogue', () => {
  test('is stored page by page with every status, and an unchanged one writes nothing', async () => {
    const { id, network, sync } = await start();
    network.put(
      networkOffer(1),
      networkOffer(2, { tuneStatus: 'deleted', name: '<b>Żółć</b> 🎯\u0000' }),
      networkOffer(3, { tuneStatus: 'pending', advertiserId: null, advertiserName: null, offerUrl: null }),
    );
    expect(await world.run(await sync())).toMatchObject({
      ...{ status: 'succeeded', fetched: 3, inserted: 3, updated: 0, api_calls: 2 },
      ...{ progress_done: 2, progress_total: 2 },
    });
    const before = await world.physical(id);
    expect(await world.run(await sync())).toMatchObject({ status: 'succeeded', inserted: 0, updated: 0, unchanged: 3 });
    expect(await world.physical(id)).toEqual(before);
    network.put(networkOffer(1, { name: 'Renamed' }));
    expect(await world.run(await sync())).toMatchObject({ inserted: 0, updated: 1, unchanged: 2 });
    const { rows } = await sql`SELECT 1 FROM catalogue_pages`.execute(world.db);
    expect(rows).toEqual([]);
  });

  test('keeps an offer whose payout cannot be read exactly, without the payout, and says so', async () => {
    const { id, network, sync } = await start();
    network.put(networkOffer(1, { defaultPayout: '1e9', percentPayout: null }));
    await sync();
    expect(await world.logCodes(id)).toEqual(['offer_amounts_unreadable']);
  });
});

describe('an offer that says too little or too much', () => {
  test('and has no name is called by its id, keeps the name that stood, and gets one where none stood', async () => {
    const { id, network, sync, importOffers, offers } = await start({ prefix: 'A: ' });
    network.put(networkOffer(1, { name: null }), networkOffer(2));
    await importOffers('1', '2');
    network.put(networkOffer(2, { name: null }));
    await sync();
    const names = async () => (await offers()).map((line) => line.split(' | ')[1]);
    expect(await names()).toEqual(['A: Offer 1', 'A: Offer 2']);
    await sql`UPDATE offers SET name = CASE external_id WHEN '1' THEN 'A: ' ELSE 'A: Mine' END
      WHERE integration_id = ${id}`.execute(world.db);
    await sync();
    expect(await names()).toEqual(['A: Offer 1', 'A: Mine']);
  });

  test('of what it pays has no payout: 10^12, or in a currency that does not exist', async () => {
    const { id, network, importOffers, offers } = await start();
    network.put(
      networkOffer(1, { defaultPayout: '1000000000000' }),
      networkOffer(2, { currency: 'XXQ' }),
      networkOffer(3, { defaultPayout: '999999999999.9999900', currency: ' eur ' }),
    );
    await importOffers('1', '2', '3');
    expect(await offers()).toEqual([
      '1 | Offer 1 | active | active | USD',
      '2 | Offer 2 | active | active | USD',
      '3 | Offer 3 | active | active | 99999999999999999 | EUR',
    ]);
    expect(await world.logCodes(id)).toContain('offer_amounts_unreadable');
  });
});

describe('an import', () => {
  test('answers unknown, deleted and already imported ids one by one and imports the rest', async () => {
    const { network, importOffers, offers } = await start({ prefix: 'A: ' });
    network.put(networkOffer(1), networkOffer(2, { tuneStatus: 'deleted' }), networkOffer(3));
    await importOffers('1');
    const run = await world.run(await importOffers('1', '2', '3', '99', '3'));
    expect(run).toMatchObject({ status: 'succeeded', inserted: 1, unchanged: 1, rejected: 2 });
    expect(run['items']).toEqual([
      { external_id: '1', result: 'already_imported' },
      { external_id: '2', result: 'deleted' },
      { external_id: '3', result: 'imported' },
      { external_id: '99', result: 'unknown' },
    ]);
    // A flat offer keeps no percent, and the network's default currency is named.
    expect(await offers()).toEqual([
      '1 | A: Offer 1 | active | active | 4000000 | USD',
      '3 | A: Offer 3 | active | active | 4000000 | USD',
    ]);
  });

  test('two imports that wait are two runs', async () => {
    const { network, id, networkId, offers } = await start();
    network.put(networkOffer(1), networkOffer(2));
    await Promise.all(['1', '2'].map((one) => world.importOffers(id, networkId, network, [one])));
    await world.work(networkId, network);
    expect(await offers()).toHaveLength(2);
  });
});

describe('imported offers', () => {
  test('follow the network, with a history of what changed and why', async () => {
    const { id, network, sync, importOffers, offers } = await start();
    network.put(networkOffer(1));
    await importOffers('1');
    network.put(networkOffer(1, { tuneStatus: 'paused', defaultPayout: '50.00000' }));
    await sync();
    expect(await offers()).toEqual(['1 | Offer 1 | paused | paused | 5000000 | USD']);
    const { rows } = await sql`SELECT cause, changes FROM offer_changes h JOIN offers o ON o.id = h.offer_id
      WHERE o.integration_id = ${id} ORDER BY h.id`.execute(world.db);
    expect(rows).toMatchObject([
      { cause: 'import', changes: { name: { before: null, after: 'Offer 1' } } },
      {
        cause: 'sync',
        changes: {
          payout: { before: '40.00000', after: '50.00000' },
          status: { before: 'active', after: 'paused' },
          tune_status: { before: 'active', after: 'paused' },
        },
      },
    ]);
    const before = await world.physical(id);
    await sync();
    expect(await world.physical(id)).toEqual(before);
  });

  test('a field follows by its rule: always, only at first, or never', async () => {
    const { network, sync, importOffers, offers } = await start({ rules: { name: 'first', payout: 'never' } });
    network.put(networkOffer(1));
    await importOffers('1');
    network.put(networkOffer(1, { name: 'New', defaultPayout: '1', tuneStatus: 'expired' }));
    await sync();
    expect(await offers()).toEqual(['1 | Offer 1 | expired | expired | USD']);
  });

  test('what a person wrote stays, while the raw status still follows', async () => {
    const { id, network, sync, importOffers, offers } = await start();
    network.put(networkOffer(1));
    await importOffers('1');
    await sql`UPDATE offers SET name = 'Mine', status = 'paused', edited_fields = '{name,status}'
      WHERE integration_id = ${id}`.execute(world.db);
    network.put(networkOffer(1, { name: 'New', tuneStatus: 'expired', defaultPayout: '1.00000' }));
    await sync();
    expect(await offers()).toEqual(['1 | Mine | paused | expired | 100000 | USD']);
  });

  test('missing twice in a row pauses with a log line, once; returning brings the status back', async () => {
    const { id, network, sync, importOffers, offers } = await start();
    network.put(networkOffer(1), networkOffer(2));
    await importOffers('1');
    network.offers.delete('1');
    await sync();
    expect((await offers())[0]).toContain('| active |');
    await sync();
    expect((await offers())[0]).toContain('| paused | active |');
    await sync();
    expect(await world.logCodes(id)).toEqual(['offer_vanished']);
    network.put(networkOffer(1));
    await sync();
    expect((await offers())[0]).toContain('| active | active |');
    expect(await world.logCodes(id)).toEqual(['offer_vanished', 'offer_returned']);
  });

  test('one that a person paused stays paused when it returns', async () => {
    const { id, network, sync, importOffers, offers } = await start();
    network.put(networkOffer(1), networkOffer(2));
    await importOffers('1');
    network.offers.delete('1');
    await sync();
    await sync();
    await sql`UPDATE offers SET edited_fields = '{status}' WHERE integration_id = ${id}`.execute(world.db);
    network.put(networkOffer(1));
    await sync();
    expect((await offers())[0]).toContain('| paused |');
  });

  test('a catalogue that failed, was cancelled or shows fewer offers than it counts says nothing of the others', async () => {
    const { network, networkId, sync, importOffers, offers } = await start();
    network.put(networkOffer(1), networkOffer(2), networkOffer(3), networkOffer(4));
    await importOffers('1');
    network.offers.delete('1');
    network.beforePage = (page) => {
      if (page === 2) throw new CodedError('permission_denied', 'no', { advice: 'never' });
    };
    expect(await world.run(await sync())).toMatchObject({ status: 'failed', error_code: 'permission_denied' });
    await sync();
    network.beforePage = async (page) => {
      if (page === 2)
        await sql`UPDATE sync_runs SET cancel_requested_at = now() WHERE status = 'running'`.execute(world.db);
    };
    expect(await world.run(await sync())).toMatchObject({ status: 'cancelled' });
    network.beforePage = () => undefined;
    network.count = (real) => real + 1;
    for (let times = 0; times < 2; times++) {
      const short = await sync();
      await world.outlastWaits(networkId, network);
      expect(await world.run(short)).toMatchObject({ status: 'failed', error_code: 'report_incomplete' });
    }
    expect((await offers())[0]).toContain('| active |');
    network.count = (real) => real;
    await sync();
    expect((await offers())[0]).toContain('| active |');
    await world.work(networkId, network);
  });

  test('newly active offers import themselves where that is wanted, and only once', async () => {
    const { id, network, sync, offers } = await start({ autoImport: true });
    network.put(
      networkOffer(1),
      networkOffer(2, { tuneStatus: 'pending' }),
      networkOffer(3, { tuneStatus: 'deleted' }),
    );
    await sync();
    expect(await offers()).toEqual(['1 | Offer 1 | active | active | 4000000 | USD']);
    network.put(networkOffer(2));
    await sync();
    await sync();
    expect(await offers()).toHaveLength(2);
    expect(await world.logCodes(id)).toEqual(['offers_auto_imported', 'offers_auto_imported']);
  });
});

describe('what can go wrong', () => {
  test('a worker that dies between two pages is continued where it stopped', async () => {
    const { network, networkId, id, sync } = await start();
    network.put(networkOffer(1), networkOffer(2), networkOffer(3), networkOffer(4), networkOffer(5));
    const stop = new AbortController();
    network.beforePage = (page) => {
      if (page === 3) stop.abort(new Error('killed'));
    };
    const run = await world.sync(id, networkId, new ScriptedNetwork());
    expect(await world.run(run)).toMatchObject({ status: 'succeeded', fetched: 0 });
    const { rows } = await sql<{ id: bigint }>`INSERT INTO sync_runs (integration_id, kind, trigger)
      VALUES (${id}, 'offers', 'manual') RETURNING id`.execute(world.db);
    const killed = rows[0]!.id;
    await sql`INSERT INTO sync_slices (run_id, integration_id, lease_key)
      VALUES (${killed}, ${id}, ${`offers:${networkId}`})`.execute(world.db);
    await world.work(networkId, network, { signal: stop.signal });
    expect(await world.run(killed)).toMatchObject({ status: 'running', fetched: 4 });
    network.beforePage = () => undefined;
    await world.work(networkId, network);
    expect(await world.run(killed)).toMatchObject({ status: 'succeeded', fetched: 5, inserted: 5, api_calls: 3 });
    expect(await world.run(await sync())).toMatchObject({ unchanged: 5 });
  });

  test('the same offer id in two networks is two offers, and one that hangs leaves the other alone', async () => {
    const one = await start({ prefix: 'One ' });
    const two = await start({ prefix: 'Two ' });
    one.network.put(networkOffer(1));
    two.network.put(networkOffer(1));
    const stop = new AbortController();
    let hangs: () => void = () => undefined;
    const hanging = new Promise<void>((resolve) => (hangs = resolve));
    one.network.beforePage = () =>
      new Promise((_resolve, reject) => {
        hangs();
        stop.signal.addEventListener('abort', () => reject(new Error('stopped')));
      });
    await sql`SELECT 1`.execute(world.db);
    const hung = world.importOffers(one.id, one.networkId, one.network, ['1']).catch(() => undefined);
    await hanging;
    await two.importOffers('1');
    expect(await two.offers()).toEqual(['1 | Two Offer 1 | active | active | 4000000 | USD']);
    expect(await one.offers()).toEqual([]);
    one.network.beforePage = () => undefined;
    stop.abort();
    await hung;
    await sql`UPDATE sync_slices SET not_before = NULL WHERE integration_id = ${one.id}`.execute(world.db);
    await world.work(one.networkId, one.network);
    expect(await one.offers()).toEqual(['1 | One Offer 1 | active | active | 4000000 | USD']);
  });
});
