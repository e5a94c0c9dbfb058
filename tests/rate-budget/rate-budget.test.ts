import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, testRedis, type TestDatabase } from '@trackly-tune/testing';
import { startTuneSimulator } from '@trackly-tune/tune-simulator';
import { connectNetwork, plantingFor } from '../system/connect-network.js';
import { dayAgo, NETWORKS } from '../system/networks.js';
import { startServices } from '../system/start-services.js';
import { endOfRun, waitForRun, type SyncRun } from '../system/sync-runs.js';
import { measureBudget } from './measure-budget.js';

const WINDOW_MS = 2_000;
const CLOCK_TOLERANCE_MS = 100;

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

test('four worker processes together never call a network more often than the budget allows in any window', async () => {
  const redis = testRedis();
  const measured = await measureBudget({
    ...{ databaseUrl: database.url, redisUrl: redis.url, queuePrefix: redis.prefix },
    ...{ limit: { calls: 20, seconds: 2 }, seconds: 8 },
  });
  console.log(JSON.stringify(measured));
  expect(measured.worstWindow).toBeLessThanOrEqual(20);
  // Loosely: a busy machine uses its turns late.
  expect(measured.usedPercent).toBeGreaterThan(25);
}, 180_000);

test('a network that limits us below the budget pauses for its window and gets through; no other network waits', async () => {
  const [strict, generous] = NETWORKS;
  if (strict === undefined || generous === undefined) throw new Error('There are two networks');
  const simulator = await startTuneSimulator({
    networks: [
      { ...strict.spec, rateLimit: { calls: 6, windowMs: 3_000 } },
      { ...generous.spec, rateLimit: null },
    ],
  });
  const own = await createTestDatabase();
  const redis = testRedis();
  const services = await startServices({
    ...{ databaseUrl: own.url, redisUrl: redis.url, queuePrefix: redis.prefix, tuneApiUrl: simulator.apiUrl },
    copies: { 'conversion-sync': 2 },
    env: { TUNE_RATE_LIMIT: '20/2', PULL_PAGE_ROWS_MAX: '10', DIRECT_AFTER_MS: '1000' },
  });
  try {
    await services.ready();
    const runs: SyncRun[] = [];
    for (const plan of [strict, generous]) {
      const one = await connectNetwork(services.api, plan, 10);
      simulator
        .network(plan.spec.id)
        .plantConversions({ ...plantingFor(one), count: 120, from: dayAgo(5), to: dayAgo(1) });
      runs.push(await services.api.insist<SyncRun>('POST', `/v1/integrations/${one.id}/conversion-syncs`, {}));
    }
    const [limited, free] = runs;
    if (limited === undefined || free === undefined) throw new Error('There are two runs');
    await waitForRun(services.api, free);
    expect((await services.api.get<SyncRun>(`/v1/sync-runs/${limited.id}`)).status).toMatch(/queued|running/);
    expect((await endOfRun(services.api, limited, 150_000)).status).toBe('succeeded');

    const { calls } = simulator.network(strict.spec.id).calls();
    const refused = calls.flatMap(({ outcome }, index) => (outcome === 'rate_limited' ? [index] : []));
    expect(refused.length).toBeGreaterThan(0);
    // Calls that were under way together may be refused together; after the last of them the budget's window is waited.
    for (const index of refused) {
      const [refusal, next] = [calls[index], calls[index + 1]];
      if (refusal === undefined || next === undefined || next.outcome === 'rate_limited') continue;
      expect(next.at - refusal.at).toBeGreaterThanOrEqual(WINDOW_MS - CLOCK_TOLERANCE_MS);
    }
    // It learns: with its share halved it is refused now and then, not at every second window.
    expect(refused.length).toBeLessThanOrEqual(calls.length / 4);
  } finally {
    await services.stop();
    await simulator.close();
    await own.drop();
  }
}, 300_000);
