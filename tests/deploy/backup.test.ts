import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  askDatabase,
  createEmptyDatabase,
  createTestDatabase,
  testRedis,
  type TestDatabase,
} from '@trackly-tune/testing';
import { startTuneSimulator, type TuneSimulator } from '@trackly-tune/tune-simulator';
import { differencesOf } from '../system/compare-books.js';
import { connectNetwork, plantingFor } from '../system/connect-network.js';
import { blocksBelow } from '../system/markdown-blocks.js';
import { findProgram } from '../system/needed-programs.js';
import { dayAgo, NETWORKS, SHARES } from '../system/networks.js';
import { record } from '../system/platform-facts.js';
import { startServices, type RunningServices } from '../system/start-services.js';
import { pull } from '../system/sync-runs.js';

const PAGE = 'docs/how-to/backup.md';

/** Why a dump cannot be made here; null when it can. */
async function reasonAgainst(): Promise<string | null> {
  const program = findProgram('pg_dump');
  if (program === null) return 'pg_dump is not installed: apt-get install postgresql-client';
  const said = spawnSync(program, ['--version'], { encoding: 'utf8' }).stdout;
  const client = Number(/ (\d+)[.\w]*/.exec(said)?.[1]);
  const [row] = await askDatabase<{ major: number }>(
    process.env['TEST_DATABASE_URL'] ?? '',
    `SELECT current_setting('server_version_num')::int / 10000 AS major`,
  );
  const server = row?.major ?? 0;
  return client >= server ? null : `pg_dump ${client} dumps no PostgreSQL ${server}`;
}
const reason = await reasonAgainst();
const testHere = reason === null ? test : test.skip;

let databases: TestDatabase[] = [];
let simulator: TuneSimulator;
let folder: string;
const running: RunningServices[] = [];

async function startOn(databaseUrl: string, secrets?: RunningServices['secrets']): Promise<RunningServices> {
  const redis = testRedis();
  const kept = secrets && { ENCRYPTION_KEYS: `first:${secrets.encryptionKey}` };
  const services = await startServices({
    ...{ databaseUrl, redisUrl: redis.url, queuePrefix: redis.prefix, tuneApiUrl: simulator.apiUrl },
    ...(kept === undefined ? {} : { env: kept }),
  });
  running.push(services);
  await services.ready();
  return services;
}

function run(script: string, databaseUrl: string): void {
  const { status, stderr } = spawnSync('sh', ['-eu', '-c', script], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], DATABASE_URL: databaseUrl, BACKUP: path.join(folder, 'books.dump') },
  });
  if (status !== 0) throw new Error(`The script ended with ${String(status)}: ${stderr}`);
}

beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'trackly-tune-backup-'));
});
afterAll(async () => {
  await Promise.all(running.map((services) => services.stop()));
  if (reason === null) await simulator.close();
  await Promise.all(databases.map((database) => database.drop()));
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

describe('a backup that is made and restored as the page says', () => {
  testHere(
    `holds the books, to the last digit, and goes on with the next pull${reason === null ? '' : ` (${reason})`}`,
    async () => {
      const [plan] = NETWORKS;
      if (plan === undefined) throw new Error('There is a network');
      simulator = await startTuneSimulator({ networks: [plan.spec] });
      const [before, after] = [await createTestDatabase(), await createEmptyDatabase()];
      databases = [before, after];
      const first = await startOn(before.url);
      const connected = await connectNetwork(first.api, plan, 30);
      await record(first.api, connected.facts);
      const network = simulator.network(plan.spec.id);
      const planting = { ...plantingFor(connected), from: dayAgo(5), to: dayAgo(1), shares: SHARES };
      network.plantConversions({ ...planting, count: 80 });
      await pull(first.api, connected.id);
      const revenue = `/v1/revenue?integration_id=${connected.id}&group_by=message&per_page=1000`;
      const books = await first.api.get<{ data: object[] }>(revenue);
      expect(books.data.length).toBeGreaterThan(5);

      const [backUp] = blocksBelow(PAGE, '## Back up', 'sh');
      run(backUp ?? '', before.url);
      expect(statSync(path.join(folder, 'books.dump')).size).toBeGreaterThan(10_000);
      await first.stop();

      const [restore] = blocksBelow(PAGE, '## Restore', 'sh');
      run(restore ?? '', after.url);
      const second = await startOn(after.url, first.secrets);
      expect((await second.api.get<{ data: object[] }>(revenue)).data).toEqual(books.data);
      await expect(askDatabase(after.url, 'UPDATE ledger_entries SET revenue_e5 = 0')).rejects.toThrow(
        'its rows are never changed',
      );

      // What happened after the backup is found by the next pull, with the token that the backup holds.
      network.plantConversions({ ...planting, count: 20 });
      await pull(second.api, connected.id);
      expect(await differencesOf(second.api, connected, network.books({ affiliateId: plan.affiliateId }))).toEqual([]);
    },
    240_000,
  );
});
