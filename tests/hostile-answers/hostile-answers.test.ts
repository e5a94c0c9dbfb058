import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createEmptyDatabase, testRedis, type TestDatabase } from '@trackly-tune/testing';
import { startTuneSimulator, type FaultDetail, type FaultKind, type TuneSimulator } from '@trackly-tune/tune-simulator';
import { differencesOf } from '../system/compare-books.js';
import { connectNetwork, importOffers, plantingFor } from '../system/connect-network.js';
import { dayAgo, type NetworkPlan } from '../system/networks.js';
import { startServices, type RunningServices } from '../system/start-services.js';
import { endOfRun, pull, type SyncRun } from '../system/sync-runs.js';

const MIB = 1024 * 1024;
const REPORT = 'Report::getConversions';

const HOSTILE: readonly (FaultDetail & { kind: FaultKind; code: RegExp })[] = [
  { kind: 'huge', bytes: 1024 * MIB, code: /response_too_large|memory_full/ },
  { kind: 'huge', bytes: 1024 * MIB, packed: true, code: /response_too_large|memory_full/ },
  { kind: 'huge', bytes: 5_000_000, filling: 'brackets', code: /not_tune/ },
  { kind: 'huge', bytes: 15 * MIB, filling: 'empty_objects', code: /response_too_large|memory_full/ },
  { kind: 'extra_rows', code: /too_many_rows/ },
];

const plan = (id: string): NetworkPlan => ({
  spec: { id, token: `NETof${id}`, timeZone: 'UTC', rateLimit: null },
  affiliateId: '1002',
  messageIdField: 'aff_sub',
  clickIdField: 'affiliate_click_id',
});

let database: TestDatabase;
let simulator: TuneSimulator;
let services: RunningServices;

beforeAll(async () => {
  database = await createEmptyDatabase();
  simulator = await startTuneSimulator({ networks: [] });
  const store = testRedis();
  services = await startServices({
    ...{ databaseUrl: database.url, redisUrl: store.url, queuePrefix: store.prefix },
    tuneApiUrl: simulator.apiUrl,
    // Pages that an answer of five rows more does not fit into.
    env: { PULL_PAGE_ROWS_MAX: '200', RETRY_AFTER_MS: '200', DIRECT_AFTER_MS: '500' },
  });
  await services.ready();
}, 180_000);
afterAll(async () => {
  await services.stop();
  await simulator.close();
  await database.drop();
}, 60_000);

test('networks whose answers are hard on their reader fail alone, with codes; the books of a good one are whole', async () => {
  const { api } = services;
  const pids = services.all.map(({ process: one }) => one.pid());
  const hostile = await Promise.all(
    HOSTILE.map(async ({ kind, code, ...detail }, at) => {
      const network = plan(`hostile${at}`);
      simulator.addNetwork(network.spec);
      simulator.network(network.spec.id).plantConversions({ count: 5, from: dayAgo(2), to: dayAgo(1) });
      simulator.faults.set({ ...detail, kinds: [kind], rate: 1, method: REPORT, network: network.spec.id });
      return { code, ...(await connectNetwork(api, network, 1)) };
    }),
  );
  const good = plan('good');
  // A number that takes a quadratic reader half an hour stands in a row of the good network.
  const { addConversion } = simulator.addNetwork(good.spec);
  const connected = await connectNetwork(api, good, 30);
  for (const kind of ['messages', 'clicks'] as const) {
    await api.insist('POST', `/v1/${kind}`, { records: connected.facts[kind] });
  }
  await importOffers(api, connected);
  simulator.network(good.spec.id).plantConversions({
    ...plantingFor(connected),
    ...{ count: 500, from: dayAgo(5), to: dayAgo(1) },
  });
  const long = `1.${'0'.repeat(1_000_000)}e1`;
  addConversion({
    datetime: `${dayAgo(2)} 10:00:00`,
    offerId: '11',
    payout: '10.00000',
    raw: { 'Stat.payout': long },
    unreadable: true,
  });

  const runs = hostile.map(({ id }) => api.insist<SyncRun>('POST', `/v1/integrations/${id}/conversion-syncs`, {}));
  const tests = hostile.map(({ id }) =>
    api.insist<{ ok: boolean }>('POST', `/v1/integrations/${id}/test-connection`, {}),
  );
  const run = await pull(api, connected.id);
  expect(run.counts).toMatchObject({ rejected: 1 });
  const books = simulator.network(good.spec.id).books({ affiliateId: '1002' });
  expect(await differencesOf(api, connected, books)).toEqual([]);

  for (const [at, started] of (await Promise.all(runs)).entries()) {
    const ended = await endOfRun(api, started);
    expect(ended).toMatchObject({
      status: 'failed',
      error: { code: expect.stringMatching(HOSTILE[at]?.code ?? /^$/) },
    });
  }
  for (const { ok } of await Promise.all(tests)) expect(ok).toBe(false);
  // Nobody died of it.
  expect(services.all.map(({ process: one }) => one.pid())).toEqual(pids);
}, 300_000);
