import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, holdTable, testRedis, until, type TestDatabase } from '@trackly-tune/testing';
import { startTuneSimulator, type TuneSimulator } from '@trackly-tune/tune-simulator';
import { differencesOf } from '../system/compare-books.js';
import { connectNetwork, plantingFor } from '../system/connect-network.js';
import { dayAgo, NETWORKS } from '../system/networks.js';
import { record } from '../system/platform-facts.js';
import { startServices, type RunningService, type RunningServices } from '../system/start-services.js';
import { pull, waitForRun, type SyncRun } from '../system/sync-runs.js';

const END_LIMIT_MS = 30_000;

let database: TestDatabase;
let simulator: TuneSimulator;
let services: RunningServices;

beforeAll(async () => {
  database = await createTestDatabase();
  const redis = testRedis();
  simulator = await startTuneSimulator({ networks: NETWORKS.map(({ spec }) => ({ ...spec, rateLimit: null })) });
  services = await startServices({
    ...{ databaseUrl: database.url, redisUrl: redis.url, queuePrefix: redis.prefix, tuneApiUrl: simulator.apiUrl },
    env: { PULL_PAGE_ROWS_MAX: '20', TUNE_RATE_LIMIT: '100/2', DIRECT_AFTER_MS: '1000' },
  });
  await services.ready();
}, 180_000);
afterAll(async () => {
  await services.stop();
  await simulator.close();
  await database.drop();
}, 60_000);

function one(name: 'conversion-sync' | 'attribution'): { service: RunningService; pid: number } {
  const [service] = services.named(name);
  const pid = service?.process.pid();
  if (service === undefined || pid === null || pid === undefined) throw new Error(`${name} is not running`);
  return { service, pid };
}
const endOf = (pid: number): Promise<string> =>
  until(`process ${pid} has ended`, END_LIMIT_MS, () =>
    services.supervision.find((line) => line.includes(`(pid ${pid}) died`)),
  );

test('a worker told to stop in the middle of a pull hands it back within its budget; its successor finishes it once', async () => {
  const [plan] = NETWORKS;
  if (plan === undefined) throw new Error('There is a network');
  const connected = await connectNetwork(services.api, plan, 20);
  const network = simulator.network(plan.spec.id);
  await record(services.api, connected.facts);
  await pull(services.api, connected.id);
  network.plantConversions({ ...plantingFor(connected), count: 200, from: dayAgo(5), to: dayAgo(1) });
  // The fourth page hangs: the worker is in the middle when the signal comes.
  network.clearCalls();
  simulator.faults.next('hang', { network: plan.spec.id, method: 'Report::getConversions', skip: 3 });
  const run = await services.api.insist<SyncRun>('POST', `/v1/integrations/${connected.id}/conversion-syncs`, {});
  await until('a page hangs', 60_000, () => simulator.faults.met().hang === 1);

  const { service, pid } = one('conversion-sync');
  const signalledAt = Date.now();
  process.kill(pid, 'SIGTERM');
  expect(await endOf(pid)).toContain('exit code 0');
  expect(Date.now() - signalledAt).toBeLessThan(12_000);
  await until('its successor is ready', 90_000, () => service.isReady());
  // Not after the lease of the first has run out: it was handed back.
  const finished = await waitForRun(services.api, run, 25_000);
  const books = network.books({ affiliateId: plan.affiliateId });
  expect(finished.counts).toMatchObject({ fetched: books.rows, inserted: books.rows });
  expect(await differencesOf(services.api, connected, books)).toEqual([]);
}, 240_000);

test('readiness turns before anything else, and a second signal ends the process at once', async () => {
  const { service, pid } = one('attribution');
  await until('it is ready', 60_000, () => service.isReady());
  const held = await holdTable(database.url, 'reopen_marks');
  // Now its turn waits for the table, so that an orderly stop takes as long as it may.
  await until('its turn waits', 30_000, async () => (await held.waiting()) > 0);
  process.kill(pid, 'SIGTERM');
  const said = await until('it says that it stops', 10_000, async () => {
    const { status, text } = await service.readiness();
    return status === 503 ? text : null;
  });
  expect(said).toContain('stopping');
  expect(service.process.pid()).toBe(pid);
  const again = setInterval(() => service.process.pid() === pid && process.kill(pid, 'SIGTERM'), 600);
  try {
    expect(await endOf(pid)).toContain('exit code 1');
  } finally {
    clearInterval(again);
    await held.release();
  }
  expect(service.lines.some((line) => line.includes('second signal; ending now'))).toBe(true);
  await until('its successor is ready', 90_000, () => service.isReady());
}, 240_000);
