import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createTestDatabase, testRedis, until, type TestDatabase } from '@trackly-tune/testing';
import { startTuneSimulator, type TuneSimulator } from '@trackly-tune/tune-simulator';
import { blocksBelow, readPage } from '../system/markdown-blocks.js';
import { testWith } from '../system/needed-programs.js';
import { dayAgo } from '../system/networks.js';
import { startServices, type RunningServices } from '../system/start-services.js';

/** As the README writes them. */
const NETWORK = { id: 'yournetwork', token: 'NETyourkey', affiliateId: '1002', offerId: '7' };
const API_LINE = 'API=http://127.0.0.1:3000';
const SCRIPT_LIMIT_MS = 120_000;

let database: TestDatabase;
let simulator: TuneSimulator;
let services: RunningServices;
let folder: string;

beforeAll(async () => {
  database = await createTestDatabase();
  const redis = testRedis();
  const offers = [{ id: NETWORK.offerId, name: 'Mountain Tea', defaultPayout: '8.40000' }];
  simulator = await startTuneSimulator({ networks: [{ id: NETWORK.id, token: NETWORK.token, offers }] });
  services = await startServices({
    ...{ databaseUrl: database.url, redisUrl: redis.url, queuePrefix: redis.prefix, tuneApiUrl: simulator.apiUrl },
  });
  folder = mkdtempSync(path.join(os.tmpdir(), 'first-integration-'));
  mkdirSync(path.join(folder, '.trackly-tune/secrets'), { recursive: true });
  writeFileSync(path.join(folder, '.trackly-tune/secrets/api-key'), services.secrets.apiKey);
  await services.ready();
}, 180_000);
afterAll(async () => {
  await services.stop();
  await simulator.close();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

/** Runs a script as a person's shell does, where `npm start` was run. Its answers are one JSON text per line. */
async function runScript(script: string): Promise<Record<string, unknown>[]> {
  const shell = spawn('sh', ['-eu', '-c', script], { cwd: folder, timeout: SCRIPT_LIMIT_MS });
  let [said, complained] = ['', ''];
  shell.stdout.setEncoding('utf8').on('data', (text: string) => void (said += text));
  shell.stderr.setEncoding('utf8').on('data', (text: string) => void (complained += text));
  const code = await new Promise((resolve) => shell.once('close', resolve));
  if (code !== 0 || complained !== '') throw new Error(`The script ended with ${String(code)}: ${complained}\n${said}`);
  return said
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('the first integration of the README', () => {
  testWith({ curl: 'apt-get install curl' })(
    'goes from credentials to books as it is written there',
    async () => {
      simulator.network(NETWORK.id).addConversion({
        ...{ datetime: `${dayAgo(1)} 10:00:00`, offerId: NETWORK.offerId, affiliateId: NETWORK.affiliateId },
        ...{ payout: '8.40000', subIds: { aff_sub: 'Ab3dEf9h' } },
      });
      const [script, ...others] = blocksBelow('README.md', '## A first real integration', 'sh');
      expect(others).toEqual([]);
      expect(script?.split(API_LINE)).toHaveLength(2);
      const answers = await runScript(script?.replace(API_LINE, `API=${services.api.url}`) ?? '');

      const [checked, synced, available, imported, link, messages, clicks, pulled, revenue, unattributed] = answers;
      expect(answers).toHaveLength(10);
      expect(checked).toMatchObject({ ok: true });
      expect(synced).toMatchObject({ kind: 'offers', status: 'succeeded' });
      expect(available).toMatchObject({ data: [{ external_id: '7' }] });
      expect(imported).toMatchObject({ kind: 'offer_import', status: 'succeeded' });
      expect(imported?.['items']).toEqual([{ external_id: '7', result: 'imported' }]);
      expect(link?.['url']).toMatch(/^https:\/\/clicks\.example\.com\/aff_c\?.*aff_sub=Ab3dEf9h.*aff_click_id=c-1/);
      expect(messages).toMatchObject({ success_count: 1, error_count: 0 });
      expect(clicks).toMatchObject({ success_count: 1, error_count: 0 });
      expect(pulled).toMatchObject({ kind: 'conversions', status: 'succeeded' });
      expect(revenue?.['data']).toMatchObject([{ key: 'Ab3dEf9h', conversions: 1, revenue: '8.40000' }]);
      expect(unattributed?.['data']).toEqual([]);
    },
    SCRIPT_LIMIT_MS + 30_000,
  );

  test('leaves a warning in the log of the next start, since PUBLIC_URL is the default and a postback URL was shown', async () => {
    const [offer] = (await services.api.get<{ data: { id: string }[] }>('/v1/offers')).data;
    await services.api.get(`/v1/offers/${offer?.id ?? ''}/postback-config`);
    const [api] = services.named('api');
    process.kill(api?.process.pid() ?? 0, 'SIGKILL');
    const line = await until('the warning is in the log', 60_000, () =>
      api?.lines.find((one) => one.includes('public_url_loopback')),
    );
    expect(JSON.parse(line)).toMatchObject({ level: 'warn', integrations: ['int_1'] });
    await services.ready();
  }, 90_000);
});

describe('the commands of the README', () => {
  test('start a single service with the pnpm that installs the packages', () => {
    const [, pnpm] = /"packageManager": "(pnpm@[\d.]+)"/.exec(readPage('package.json')) ?? [];
    const readme = readPage('README.md');
    expect(pnpm).toBeDefined();
    expect(readme).toContain(`npx --yes ${pnpm ?? ''} --filter @trackly-tune/conversion-sync start`);
    // Nothing else puts pnpm on the PATH.
    expect(readme).not.toMatch(/(^|`)pnpm /m);
  });
});
