import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createEmptyDatabase, testRedis, until, type TestDatabase } from '@trackly-tune/testing';
import { startTuneSimulator, type OfferSpec, type TuneSimulator } from '@trackly-tune/tune-simulator';
import { differencesOf } from '../system/compare-books.js';
import { connectNetwork, importOffers, type ConnectedNetwork } from '../system/connect-network.js';
import type { NetworkPlan } from '../system/networks.js';
import { record } from '../system/platform-facts.js';
import { startServices, type RunningServices } from '../system/start-services.js';
import { endOfRun, pull, waitForRun, type SyncRun } from '../system/sync-runs.js';

/** Offers that end, and catalogues that are suddenly empty, over HTTP, against every service as a process of its own. */
const ZONE = 'Asia/Kolkata';
const LATER = '2096-01-01 00:00:00';
/** The network's wall clock so many seconds from now. */
const localIn = (seconds: number): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE, dateStyle: 'short', timeStyle: 'medium' }).format(
    Date.now() + seconds * 1000,
  );

const plan = (id: string, offers: OfferSpec[]): NetworkPlan => ({
  spec: { id, token: `NETof-${id}`, timeZone: ZONE, rateLimit: null, offers },
  affiliateId: '1002',
  messageIdField: 'aff_sub',
  clickIdField: 'affiliate_click_id',
});
const ENDS = plan('ends', [
  { id: '1', name: 'Ends while we look', defaultPayout: '10.00000', expirationDate: LATER },
  { id: '2', name: 'Over, left pending', status: 'pending', expirationDate: '2020-01-01 04:00:00', isExpired: '0' },
  { id: '3', name: 'Said to be over', isExpired: '1' },
  { id: '4', name: 'Deleted and over', status: 'deleted', expirationDate: '2020-01-01 04:00:00' },
  { id: '5', name: 'Never ends' },
]);
const EMPTIES = plan('empties', [
  { id: '1', name: 'One' },
  { id: '2', name: 'Two' },
]);

interface Offer {
  readonly id: string;
  readonly external_id: string;
  readonly status: string;
  readonly tune_status: string;
  readonly expires_at: string | null;
}
interface Line {
  readonly level: string;
  readonly code: string;
}

let database: TestDatabase;
let simulator: TuneSimulator;
let services: RunningServices;

beforeAll(async () => {
  database = await createEmptyDatabase();
  simulator = await startTuneSimulator({ networks: [ENDS.spec, EMPTIES.spec] });
  const store = testRedis();
  services = await startServices({
    ...{ databaseUrl: database.url, redisUrl: store.url, queuePrefix: store.prefix, tuneApiUrl: simulator.apiUrl },
    env: { RETRY_AFTER_MS: '200', DIRECT_AFTER_MS: '500' },
  });
  await services.ready();
}, 180_000);
afterAll(async () => {
  await services.stop();
  await simulator.close();
  await database.drop();
}, 60_000);

async function connect(one: NetworkPlan): Promise<ConnectedNetwork> {
  const network = await connectNetwork(services.api, one, 3);
  await record(services.api, network.facts);
  await pull(services.api, network.id);
  await importOffers(services.api, network);
  return network;
}

async function offersOf(network: ConnectedNetwork, more = ''): Promise<Offer[]> {
  return (await services.api.get<{ data: Offer[] }>(`/v1/offers?integration_id=${network.id}${more}`)).data;
}

async function statusesOf(network: ConnectedNetwork): Promise<Record<string, string>> {
  return Object.fromEntries((await offersOf(network)).map((offer) => [offer.external_id, offer.status]));
}

async function availableOf(network: ConnectedNetwork): Promise<Record<string, string>> {
  const { data } = await services.api.get<{ data: Offer[] }>(`/v1/integrations/${network.id}/available-offers`);
  return Object.fromEntries(data.map((offer) => [offer.external_id, offer.status]));
}

const ask = (network: ConnectedNetwork, body: object = {}): Promise<SyncRun> =>
  services.api.insist<SyncRun>('POST', `/v1/integrations/${network.id}/offer-syncs`, body);

describe('an offer that ends', () => {
  let network: ConnectedNetwork;
  beforeAll(async () => {
    network = await connect(ENDS);
  }, 120_000);

  test('is expired whatever TUNE left it on, in the catalogue and where it was imported', async () => {
    const expected = { '1': 'active', '2': 'expired', '3': 'expired', '5': 'active' };
    expect(await statusesOf(network)).toEqual(expected);
    expect(await availableOf(network)).toEqual({ ...expected, '4': 'archived' });
    const [, second] = await offersOf(network);
    expect(second).toMatchObject({ tune_status: 'pending', expires_at: '2019-12-31T22:30:00.000Z' });
  }, 120_000);

  test('becomes expired by itself between two syncs, still earns, and is what TUNE says when it is prolonged', async () => {
    const tune = simulator.network('ends');
    const one = { id: '1', name: 'Ends while we look', defaultPayout: '10.00000' };
    tune.putOffer({ ...one, expirationDate: localIn(8) });
    await waitForRun(services.api, await ask(network));
    const offer = (await offersOf(network))[0]!;
    expect(offer).toMatchObject({ external_id: '1', status: 'active' });
    // Nothing is synced from here on.
    tune.clearCalls();
    await until('the offer has expired', 30_000, async () => (await statusesOf(network))['1'] === 'expired');
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(offer.expires_at ?? ''));
    expect(tune.calls().calls.filter(({ method }) => method === 'Offer::findAll')).toEqual([]);
    expect((await offersOf(network, '&status=expired')).map(({ external_id }) => external_id)).toEqual(['1', '2', '3']);
    expect((await offersOf(network, '&status=active')).map(({ external_id }) => external_id)).toEqual(['5']);
    expect((await availableOf(network))['1']).toBe('expired');
    const history = await services.api.get<{ data: object[] }>(`/v1/offers/${offer.id}/history`);
    expect(history.data[0]).toMatchObject({
      ...{ cause: 'expired', run_id: null, changed_by: null },
      changes: { status: { before: 'active', after: 'expired' } },
    });

    const message = network.facts.messages[0]!.message_id;
    const sent = { subIds: { aff_sub: message }, expectedMessageId: message };
    tune.addConversion({ datetime: localIn(-1), offerId: '1', payout: '10.00000', ...sent });
    await pull(services.api, network.id);
    expect(await differencesOf(services.api, network, tune.books({ affiliateId: '1002' }))).toEqual([]);
    const { data } = await services.api.get<{ data: object[] }>(
      `/v1/conversions?integration_id=${network.id}&offer_id=${offer.id}`,
    );
    expect(data).toMatchObject([{ payout: '10.00000', attribution: { method: 'message_id', message_id: message } }]);

    tune.putOffer({ ...one, expirationDate: LATER });
    await waitForRun(services.api, await ask(network));
    expect((await offersOf(network))[0]).toMatchObject({ status: 'active', expires_at: '2095-12-31T18:30:00.000Z' });
  }, 120_000);
});

test('a catalogue that is suddenly empty changes nothing, sync after sync, until a person says that it is right', async () => {
  const network = await connect(EMPTIES);
  const active = { '1': 'active', '2': 'active' };
  simulator.faults.set({ network: 'empties', method: 'Offer::findAll', rate: 1, kinds: ['emptied_list'] });
  for (let times = 0; times < 2; times++) {
    const run = await endOfRun(services.api, await ask(network));
    expect(run).toMatchObject({ status: 'failed', error: { code: 'catalogue_empty' } });
    expect(run.error?.message).toContain('accept_empty');
    expect([await statusesOf(network), await availableOf(network)]).toEqual([active, active]);
    const { data } = await services.api.get<{ data: Line[] }>(
      `/v1/integrations/${network.id}/logs?run_id=${run.id}&level=warn`,
    );
    expect(new Set(data.map(({ level, code }) => `${level} ${code}`))).toEqual(new Set(['warn catalogue_empty']));
  }
  const at = `/v1/integrations/${network.id}/offer-syncs`;
  const refused = await services.api.ask('POST', at, { accept_empty: 'yes' });
  expect([refused.status, JSON.parse(refused.text)]).toMatchObject([
    400,
    { code: 'invalid_request', details: [{ path: 'accept_empty' }] },
  ]);
  await waitForRun(services.api, await ask(network, { accept_empty: true }));
  expect(await statusesOf(network)).toEqual({ '1': 'paused', '2': 'paused' });
  expect(await availableOf(network)).toEqual({});
  // What was said to be right stays right.
  await waitForRun(services.api, await ask(network));
  simulator.faults.clear();
  await waitForRun(services.api, await ask(network));
  expect([await statusesOf(network), await availableOf(network)]).toEqual([active, active]);
}, 180_000);
