import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { askDatabase, until } from '@trackly-tune/testing';
import { startTuneSimulator, type SimulatedNetwork, type TuneSimulator } from '@trackly-tune/tune-simulator';
import { differencesOf } from '../system/compare-books.js';
import { connectNetwork, plantingFor, type ConnectedNetwork } from '../system/connect-network.js';
import { dayAgo, NETWORKS, SHARES } from '../system/networks.js';
import { openOwnStores, type OwnStores } from '../system/own-stores.js';
import { record } from '../system/platform-facts.js';
import { startServices, type RunningServices } from '../system/start-services.js';
import { openRuns, pull, waitForRun, type SyncRun } from '../system/sync-runs.js';

const WINDOW_MS = 4_000;
const SEEN_LIMIT_MS = 60_000;
/** The simulator and Redis do not read the clock in the same instant. */
const CLOCK_TOLERANCE_MS = 100;

let stores: OwnStores;
let simulator: TuneSimulator;
let services: RunningServices;
const connected: ConnectedNetwork[] = [];

beforeAll(async () => {
  stores = await openOwnStores();
  await stores.postgres.stop();
  await stores.redis.stop();
  simulator = await startTuneSimulator({ networks: NETWORKS.map(({ spec }) => spec) });
  services = await startServices({
    databaseUrl: stores.postgres.url,
    redisUrl: stores.redis.url,
    queuePrefix: `away_${process.pid}`,
    tuneApiUrl: simulator.apiUrl,
    env: {
      TUNE_RATE_LIMIT: `40/${WINDOW_MS / 1000}`,
      NETWORK_LEASE_MS: '6000',
      DIRECT_AFTER_MS: '500',
      RETRY_AFTER_MS: '500',
      PULL_PAGE_ROWS_MAX: '50',
    },
  });
}, 180_000);
afterAll(async () => {
  await services.stop();
  await simulator.close();
  await stores.close();
}, 90_000);

const networkOf = ({ plan }: ConnectedNetwork): SimulatedNetwork => simulator.network(plan.spec.id);
const callsOf = (one: ConnectedNetwork) => networkOf(one).calls().calls;
const allSay = (status: number): Promise<unknown> =>
  until(`every service answers ${status}`, SEEN_LIMIT_MS, async () => {
    const said = await Promise.all(services.all.map((service) => service.readiness()));
    return said.every((one) => one.status === status);
  });
/** Workers need Redis; the API takes postbacks without it and says only that it is degraded. */
const allMissRedis = (): Promise<unknown> =>
  until('the workers are not ready and the API is degraded', SEEN_LIMIT_MS, async () => {
    const said = await Promise.all(
      services.all.map(async (service) => ({ isApi: service.name === 'api', ...(await service.readiness()) })),
    );
    return said.every(({ isApi, status, text }) =>
      isApi ? status === 200 && text.includes('"degraded":["redis"]') : status === 503,
    );
  });
/** The lines of a service that tell of trouble, without their times; the test's own questions are left out. */
const troubles = (lines: readonly string[]): string[] =>
  lines.flatMap((line) => {
    if (!line.startsWith('{')) return [];
    const { level, msg } = JSON.parse(line) as { level: number | string; msg: string };
    if (msg === 'request') return [];
    return level === 'warn' || level === 'error' || Number(level) >= 40 ? [msg] : [];
  });
function plant(one: ConnectedNetwork, count: number): void {
  networkOf(one).plantConversions({ ...plantingFor(one), count, from: dayAgo(6), to: dayAgo(1), shares: SHARES });
}
async function differences(): Promise<string[]> {
  const found = connected.map((one) =>
    differencesOf(services.api, one, networkOf(one).books({ affiliateId: one.plan.affiliateId })),
  );
  return (await Promise.all(found)).flat();
}

test('services that start while both stores are away stay up, say so, and go on by themselves', async () => {
  const pids = services.all.map(({ process: one }) => one.pid());
  await allSay(503);
  for (const { lines } of services.all) {
    await until('a line says that PostgreSQL is away', SEEN_LIMIT_MS, () =>
      troubles(lines).some((line) => /PostgreSQL|schema/.test(line)),
    );
  }
  await stores.redis.start();
  await stores.postgres.start();
  await services.ready();
  expect(services.all.map(({ process: one }) => one.pid())).toEqual(pids);
  for (const { name, lines } of services.all) {
    const repeated = troubles(lines).filter((line, index, all) => all.indexOf(line) < index);
    // Whatever tries again says so once, not with each attempt.
    expect({ name, many: repeated.length > 5 ? repeated : [] }).toEqual({ name, many: [] });
  }
  for (const plan of NETWORKS) connected.push(await connectNetwork(services.api, plan));
  for (const one of connected) {
    await record(services.api, one.facts);
    plant(one, 100);
    await pull(services.api, one.id);
  }
  expect(await differences()).toEqual([]);
}, 240_000);

test('without Redis nothing calls TUNE; the run waits and succeeds by itself when Redis is back', async () => {
  const [one] = connected;
  if (one === undefined) throw new Error('No network is connected');
  await until(
    'nothing else is under way',
    SEEN_LIMIT_MS,
    async () => (await openRuns(services.api, one.id)).length === 0,
  );
  await stores.redis.stop();
  await allMissRedis();
  plant(one, 50);
  networkOf(one).clearCalls();
  const run = await services.api.insist<SyncRun>('POST', `/v1/integrations/${one.id}/conversion-syncs`, {});
  // The worker has come to it, wanted to ask TUNE, and put it off.
  await until('the pull was put off', SEEN_LIMIT_MS, async () => {
    const slices = await askDatabase(
      stores.postgres.url,
      'SELECT 1 FROM sync_slices WHERE done_at IS NULL AND not_before IS NOT NULL',
    );
    return slices.length > 0;
  });
  expect(callsOf(one)).toEqual([]);
  await stores.redis.start();
  await waitForRun(services.api, run);
  expect(callsOf(one).length).toBeGreaterThan(0);
  await services.ready();
  expect(await differences()).toEqual([]);
}, 240_000);

test('a Redis that lost its memory makes every network wait one window', async () => {
  for (const one of connected) {
    plant(one, 20);
    networkOf(one).clearCalls();
  }
  const emptiedAt = Date.now();
  await stores.redis.empty();
  await Promise.all(connected.map((one) => pull(services.api, one.id)));
  for (const one of connected) {
    const [first] = callsOf(one);
    expect(first?.at).toBeGreaterThanOrEqual(emptiedAt + WINDOW_MS - CLOCK_TOLERANCE_MS);
  }
  expect(await differences()).toEqual([]);
}, 240_000);

test('PostgreSQL away in the middle and for long: nothing is called taken, no service dies, and everything goes on', async () => {
  const pids = services.all.map(({ process: one }) => one.pid());
  const [one] = connected;
  if (one === undefined) throw new Error('No network is connected');
  plant(one, 400);
  const run = await services.api.insist<SyncRun>('POST', `/v1/integrations/${one.id}/conversion-syncs`, {});
  await until('the pull is in its middle', SEEN_LIMIT_MS, async () => {
    const { counts } = await services.api.get<SyncRun>(`/v1/sync-runs/${run.id}`);
    return (counts['fetched'] ?? 0) > 0;
  });
  await stores.postgres.kill();
  const awayUntil = Date.now() + 8_000;
  await allSay(503);
  await until('it was away for long', SEEN_LIMIT_MS, async () => {
    const { status, text } = await services.api.ask('POST', '/v1/messages', { records: one.facts.messages });
    expect({ status, code: /"code":"(\w+)"/.exec(text)?.[1] }).toEqual({ status: 503, code: 'store_unavailable' });
    return Date.now() > awayUntil;
  });
  await stores.postgres.start();
  await services.ready();
  await waitForRun(services.api, run);
  expect(await differences()).toEqual([]);
  expect(services.all.map(({ process: service }) => service.pid())).toEqual(pids);
}, 240_000);
