import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '@trackly-tune/embedded-stores';
import { SERVICES } from '@trackly-tune/launcher';
import { createTestDatabase, testRedis, until, type TestDatabase } from '@trackly-tune/testing';
import { readPage } from '../system/markdown-blocks.js';
import { findProgram, testWith } from '../system/needed-programs.js';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const FOLDER = 'deploy/systemd';
const NEEDED = { 'systemd-analyze': 'apt-get install systemd' };
const units = readdirSync(path.join(ROOT, FOLDER)).filter((file) => /\.(service|target)$/.test(file));
const services = units.filter((file) => file.endsWith('.service'));

/** The values of a setting in a unit, in their order. */
const settingsOf = (file: string, name: string): string[] =>
  [...readPage(`${FOLDER}/${file}`).matchAll(new RegExp(`^${name}=(.*)$`, 'gm'))].map(([, value = '']) => value);

/** What systemd says of the units of a folder, each template as its first copy. */
function verify(folder: string): { status: number | null; said: string } {
  const names = units.map((file) => file.replace('@.', '@1.'));
  const run = spawnSync(findProgram('systemd-analyze') ?? '', ['verify', '--man=no', ...names], {
    encoding: 'utf8',
    env: { ...process.env, SYSTEMD_UNIT_PATH: `${folder}:` },
  });
  return { status: run.status, said: `${run.stdout}${run.stderr}` };
}

describe('the systemd units', () => {
  test('are one for each service, and one target for all', () => {
    expect(services.map((file) => file.replace(/^trackly-tune-|@?\.service$/g, '')).sort()).toEqual(
      [...SERVICES].sort(),
    );
    expect(units.filter((file) => !services.includes(file))).toEqual(['trackly-tune.target']);
  });

  testWith(NEEDED)('are understood by systemd, and a mistake in what they share would be found', () => {
    // Units of the system may have complaints of their own.
    const { status, said } = verify(path.join(ROOT, FOLDER));
    expect(said.split('\n').filter((line) => line.includes('trackly-tune'))).toEqual([]);
    expect(status).toBe(0);
    const copy = mkdtempSync(path.join(os.tmpdir(), 'trackly-tune-units-'));
    try {
      cpSync(path.join(ROOT, FOLDER), copy, { recursive: true });
      writeFileSync(path.join(copy, 'trackly-tune-.service.d/planted.conf'), '[Service]\nRestartt=always\n');
      expect(verify(copy).said).toContain('Restartt');
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
  });

  test('name variables that the services know, and a port of its own for each', () => {
    const reference = readPage('docs/reference/configuration.md');
    const example = [...readPage(`${FOLDER}/environment.example`).matchAll(/^([A-Z_]+)=/gm)].map(
      ([, name = '']) => name,
    );
    const own = services.flatMap((file) => settingsOf(file, 'Environment').flatMap((line) => line.split(' ')));
    const names = own.map((one) => one.split('=')[0] ?? '');
    expect(example.length).toBeGreaterThan(4);
    for (const name of [...example, ...names]) expect(reference).toContain(`| \`${name}\``);
    const ports = own.map((one) => one.split('=')[1]);
    expect(new Set(ports).size).toBe(ports.length);
  });
});

describe('what the units start', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  test.each(services)(
    '%s becomes ready with nothing but its environment, and stops in order',
    async (file) => {
      const redis = testRedis();
      const [command = ''] = settingsOf(file, 'ExecStart');
      const [program = '', ...args] = command.split(' ');
      const health = await freePort();
      const child = spawn(program, args, {
        cwd: ROOT,
        stdio: 'ignore',
        env: {
          ...{
            PATH: process.env['PATH'],
            DATABASE_URL: database.url,
            REDIS_URL: redis.url,
            QUEUE_PREFIX: redis.prefix,
          },
          ...{
            API_KEYS: 'platform:0123456789abcdef',
            ENCRYPTION_KEYS: `key1:${Buffer.alloc(32, 7).toString('base64')}`,
          },
          ...{ PORT: String(await freePort()), POSTBACK_PORT: String(await freePort()), HEALTH_PORT: String(health) },
        },
      });
      const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal)));
      try {
        await until(`${file} is ready`, 90_000, async () => {
          const answer = await fetch(`http://127.0.0.1:${health}/readyz`).catch(() => null);
          return answer?.status === 200;
        });
      } finally {
        child.kill('SIGTERM');
      }
      expect(await ended).toBe(0);
    },
    120_000,
  );
});
