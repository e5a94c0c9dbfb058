import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { toPublicId } from '@trackly-tune/domain';
import { sql } from 'kysely';
import { createKeyRing, tokenContext } from '@trackly-tune/service-runtime';
import { testRedis, until } from '@trackly-tune/testing';
import { startTuneSimulator, type TuneSimulator } from '@trackly-tune/tune-simulator';
import { addDueIntegration, createPullWorld, logOf, type PullWorld } from './pull-world.js';

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const KEY = Buffer.alloc(32, 9);
const TOKEN = 'NETTokenOfTheSimulatedNetwork';

let world: PullWorld;
let simulator: TuneSimulator;
const children = new Set<() => void>();

beforeAll(async () => {
  world = await createPullWorld();
  simulator = await startTuneSimulator({
    networks: [{ id: 'simulated', token: TOKEN, affiliates: [{ id: '3' }, { id: '4' }], currencies: ['USD', 'EUR'] }],
  });
});
afterAll(async () => {
  await simulator.close();
  await world.close();
});
afterEach(() => {
  for (const kill of children) kill();
  children.clear();
});

interface Line {
  readonly msg: string;
  readonly [field: string]: unknown;
}

function startProcess(env: Record<string, string>) {
  const child = spawn(process.execPath, [MAIN], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.add(() => void child.kill('SIGKILL'));
  let [out, err] = ['', ''];
  const looks = new Set<() => void>();
  child.stderr.on('data', (chunk: Buffer) => void (err += chunk.toString()));
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
    for (const look of looks) look();
  });
  const ended = new Promise<{ code: number | null; err: string }>((resolve) => {
    child.once('close', (code) => resolve({ code, err }));
  });
  return {
    ended,
    output: () => out,
    kill: (signal: NodeJS.Signals) => void child.kill(signal),
    said: (text: string) =>
      new Promise<Line>((resolve, reject) => {
        const look = (): void => {
          const line = out.split('\n').find((one) => one.endsWith('}') && one.includes(text));
          if (line === undefined) return;
          looks.delete(look);
          resolve(JSON.parse(line) as Line);
        };
        looks.add(look);
        look();
        void ended.then(() => reject(new Error(`ended without saying "${text}": ${err}`)));
      }),
  };
}

function localDay(daysAgo: number): string {
  return new Date(Date.now() - daysAgo * 86_400_000).toISOString().slice(0, 10);
}

/** An integration of the simulated network that is due now. */
async function addDue() {
  const integration = await addDueIntegration(world.db, { networkId: 'simulated' });
  const sealed = createKeyRing([{ id: 'k1', key: KEY }]).seal(TOKEN, tokenContext(integration.id));
  await sql`UPDATE integrations SET network_token_sealed = ${sealed} WHERE id = ${integration.id}`.execute(world.db);
  return integration;
}

function environment(redis: { url: string; prefix: string }): Record<string, string> {
  return {
    DATABASE_URL: world.databaseUrl,
    REDIS_URL: redis.url,
    QUEUE_PREFIX: redis.prefix,
    ENCRYPTION_KEYS: `k1:${KEY.toString('base64')}`,
    TUNE_API_URL: simulator.apiUrl,
    TUNE_RATE_LIMIT: '30/1',
    PULL_PAGE_ROWS_MAX: '7',
  };
}

describe('the process of conversion-sync', () => {
  test('refuses an unusable environment with every problem and exit code 78', async () => {
    const { code, err } = await startProcess({ PULL_PAGE_ROWS_MAX: '0', TUNE_RATE_LIMIT: 'fast' }).ended;
    expect(code).toBe(78);
    for (const name of ['DATABASE_URL', 'REDIS_URL', 'ENCRYPTION_KEYS', 'PULL_PAGE_ROWS_MAX', 'TUNE_RATE_LIMIT']) {
      expect(err).toContain(`  - ${name}: `);
    }
  });

  test('pulls what the network has for this affiliate, killed in the middle and started again; no token in the log', async () => {
    const network = simulator.network('simulated');
    network.plantConversions({
      count: 60,
      from: localDay(5),
      to: localDay(1),
      messageIds: ['Msg00001', 'Msg00002'],
      currencies: ['USD', 'EUR'],
      shares: { pending: 0.2, rejected: 0.1, test: 0.1, adjustment: 0.1, otherAffiliates: 0.3, sameClick: 0.2 },
    });
    const own = [...network.conversions({ affiliateId: '3' })].map((one) => one.tuneEventId).sort();
    expect(own.length).toBeGreaterThan(20);
    const integration = await addDue();
    const redis = testRedis();
    const stored = async () => {
      const { rows } = await sql<{ id: string }>`
        SELECT tune_event_id AS id FROM conversions WHERE integration_id = ${integration.id}`.execute(world.db);
      return rows.map(({ id }) => id).sort();
    };
    const first = startProcess(environment(redis));
    await until(async () => (await stored()).length > 0);
    first.kill('SIGKILL');
    await first.ended;
    // The dead worker's lease would run out by itself.
    await sql`UPDATE network_leases SET expires_at = clock_timestamp()`.execute(world.db);
    const second = startProcess(environment(redis));
    const pulled = async () => {
      const { rows } = await sql`
        SELECT 1 FROM sync_runs WHERE integration_id = ${integration.id} AND pulled_at IS NOT NULL`.execute(world.db);
      return rows.length > 0;
    };
    await until(pulled);
    expect(await stored()).toEqual(own);
    second.kill('SIGTERM');
    expect((await second.ended).code).toBe(0);
    expect(first.output() + second.output()).not.toContain(TOKEN);
    // Nobody imported offers here, which is said once a day for each; the killed worker's start is not said twice.
    const said = (await logOf(world.db, integration)).filter((code) => code !== 'offer_not_imported');
    expect(said).toEqual(['run_started']);
  }, 120_000);

  test('a revoked token fails the run with its code, and the token stands in no log', async () => {
    simulator.network('simulated').configure({ token: 'another' });
    const integration = await addDue();
    const service = startProcess(environment(testRedis()));
    const line = await service.said('run failed');
    expect(line).toMatchObject({ code: 'token_rejected', integration_id: toPublicId('integration', integration.id) });
    service.kill('SIGTERM');
    expect((await service.ended).code).toBe(0);
    expect(service.output()).not.toContain(TOKEN);
    const { rows } = await sql`SELECT 1 FROM integration_log WHERE message LIKE ${`%${TOKEN}%`}`.execute(world.db);
    expect(rows).toEqual([]);
  });
});
