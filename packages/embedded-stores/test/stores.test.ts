import { afterEach, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { livingProcess, processIdentity } from '../src/process-identity.js';
import { canEnter } from '../src/store-user.js';
import { askPostgres, askRedis } from './ask-stores.js';
import { runHost, type Host } from './run-host.js';

const TIMEOUT_MS = 180_000;
const isRoot = process.getuid?.() === 0;
const nobody = { uid: 65_534, gid: 65_534 };
const modeOf = (file: string): string => (statSync(file).mode & 0o777).toString(8);

const folders: string[] = [];
const hosts: Host[] = [];
const newFolder = (parent = os.tmpdir()): string => {
  const folder = mkdtempSync(path.join(parent, 'trackly-tune-stores-'));
  folders.push(folder);
  return folder;
};
const run = async (...args: Parameters<typeof runHost>): Promise<Host> => {
  const host = await runHost(...args);
  hosts.push(host);
  return host;
};
const ended = async (pid: number): Promise<void> => {
  for (let identity = processIdentity(pid); identity !== null && livingProcess(identity) !== null;) {
    await sleep(5);
  }
};
/** The process that would end the store `pid` after its starter. */
const watcherOf = (pid: number): number | undefined =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .find((candidate) => {
      try {
        const words = readFileSync(`/proc/${candidate}/cmdline`, 'utf8').split('\0');
        return words.includes(String(pid)) && words.some((word) => word.includes('read -r _'));
      } catch {
        return false;
      }
    });

afterEach(async () => {
  for (const host of hosts.splice(0)) await host.stop();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}, TIMEOUT_MS);

async function writeToBoth({ postgres, redis }: Host): Promise<void> {
  await askPostgres(postgres.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
  expect(await askRedis(redis.url, 'SET kept 42')).toContain('+OK');
}

async function expectBothKept({ postgres, redis }: Host): Promise<void> {
  expect(await askPostgres(postgres.url, 'SELECT answer FROM kept')).toBe(42);
  expect(await askRedis(redis.url, 'GET kept')).toContain('42');
}

describe('the embedded stores', () => {
  test(
    'start from nothing, durable and closed to others, and keep their data over an orderly restart',
    async () => {
      const dataDir = newFolder();
      const first = await run(dataDir);
      expect(await askPostgres(first.postgres.url, 'SHOW fsync')).toBe('on');
      expect(await askRedis(first.redis.url, 'CONFIG GET maxmemory-policy')).toContain('noeviction');
      expect(await askRedis(first.redis.url.replace(/:[^:@]+@/, ''), 'PING')).toContain('NOAUTH');
      expect(modeOf(dataDir)).toBe(isRoot ? '711' : '700');
      for (const name of ['postgres', 'redis', 'secrets']) expect(modeOf(path.join(dataDir, name))).toBe('700');
      await writeToBoth(first);
      await first.stop();
      const second = await run(dataDir);
      expect(second.notes).toEqual([]);
      await expectBothKept(second);
    },
    TIMEOUT_MS,
  );

  test(
    'end when their starter is killed, and come back with everything that was acknowledged',
    async () => {
      const dataDir = newFolder();
      const first = await run(dataDir);
      await askPostgres(first.postgres.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
      first.child.kill('SIGKILL');
      await ended(first.postgres.pid);
      await ended(first.redis.pid);
      const second = await run(dataDir);
      expect(second.failed).toBeUndefined();
      expect(await askPostgres(second.postgres.url, 'SELECT answer FROM kept')).toBe(42);
    },
    TIMEOUT_MS,
  );

  test(
    'come back after they themselves were killed with everybody else',
    async () => {
      const dataDir = newFolder();
      const first = await run(dataDir);
      await askPostgres(first.postgres.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
      const killed = [first.child.pid!, first.postgres.pid, first.redis.pid];
      for (const pid of killed) process.kill(pid, 'SIGKILL');
      for (const pid of killed) await ended(pid);
      const second = await run(dataDir);
      expect(second.failed).toBeUndefined();
      expect(await askPostgres(second.postgres.url, 'SELECT answer FROM kept')).toBe(42);
    },
    TIMEOUT_MS,
  );

  (existsSync('/proc/self/stat') ? test : test.skip)(
    'left running by a start that was killed, are stopped and started again on the same data',
    async () => {
      const dataDir = newFolder();
      const first = await run(dataDir);
      await writeToBoth(first);
      for (const { pid } of [first.postgres, first.redis]) process.kill(watcherOf(pid)!, 'SIGKILL');
      const gone = once(first.child, 'exit');
      first.child.kill('SIGKILL');
      await gone;
      expect(processIdentity(first.postgres.pid)).not.toBeNull();
      const second = await run(dataDir);
      expect(second.notes).toEqual([
        `postgres of an earlier start was still running as process ${first.postgres.pid}; it was stopped`,
        `redis of an earlier start was still running as process ${first.redis.pid}; it was stopped`,
      ]);
      await expectBothKept(second);
    },
    TIMEOUT_MS,
  );

  test(
    'refuse a folder that another living process works on, and do not disturb it',
    async () => {
      const dataDir = newFolder();
      const [first, elsewhere] = [await run(dataDir), await run(newFolder())];
      expect(elsewhere.failed).toBeUndefined();
      const second = await run(dataDir);
      expect(second.failed).toMatchObject({ code: 'data_folder_in_use' });
      expect(second.failed?.message).toContain(String(first.child.pid));
      await writeToBoth(first);
      await expectBothKept(first);
    },
    TIMEOUT_MS,
  );

  (isRoot ? test : test.skip)(
    'of root, whose user cannot enter the data folder, live elsewhere, say where, and are found there again',
    async () => {
      const closed = newFolder();
      const dataDir = path.join(closed, 'data');
      chmodSync(closed, 0o700);
      const first = await run(dataDir);
      const where = readFileSync(path.join(dataDir, 'stores-are-in'), 'utf8').trim();
      folders.push(where);
      expect(first.notes).toEqual(
        ['postgres', 'redis'].map((name) =>
          expect.stringContaining(`cannot enter ${dataDir}: its data are in ${where}/${name}`),
        ),
      );
      await writeToBoth(first);
      await first.stop();
      await expectBothKept(await run(dataDir));
    },
    TIMEOUT_MS,
  );

  // It runs this very Node.js, which may lie below a home that nobody else enters.
  const nobodyRuns = [import.meta.dirname, path.dirname(process.execPath)].every((folder) => canEnter(folder, nobody));
  (isRoot && nobodyRuns ? test : test.skip)(
    'start for an ordinary user without a home of its own',
    async () => {
      const dataDir = newFolder();
      chownSync(dataDir, nobody.uid, nobody.gid);
      const host = await run(dataDir, nobody);
      expect(host.failed).toBeUndefined();
      expect(statSync(path.join(dataDir, 'postgres/data')).uid).toBe(nobody.uid);
      expect(modeOf(dataDir)).toBe('700');
      await writeToBoth(host);
    },
    TIMEOUT_MS,
  );

  test('say what to do when the data folder cannot be made', async () => {
    const file = path.join(newFolder(), 'a-file');
    writeFileSync(file, '');
    const host = await run(path.join(file, 'data'));
    expect(host.failed).toMatchObject({ code: 'embedded_store_unavailable' });
    expect(host.failed?.message).toContain('set DATA_DIR');
  }, 60_000);
});
