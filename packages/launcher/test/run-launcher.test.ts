import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { createServer } from 'node:net';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createEmptyDatabase, testRedis, type TestDatabase } from '@trackly-tune/testing';
import { splitLines } from '../src/split-lines.js';

const HOST = fileURLToPath(new URL('./launch-host.ts', import.meta.url));
const children: ChildProcess[] = [];
let database: TestDatabase;
let dataDir: string;

/** Runs the launcher on given stores; `until` waits for a line of either stream, `ended` for its exit code. */
function start(modes: readonly string[], env: Record<string, string> = {}) {
  const lines: string[] = [];
  const waiting: { pattern: RegExp; resolve: (line: string) => void }[] = [];
  const child = spawn(process.execPath, ['--import', 'tsx', HOST, ...modes], {
    env: {
      PATH: process.env.PATH,
      DATA_DIR: dataDir,
      PORT: '0',
      DATABASE_URL: database.url,
      REDIS_URL: testRedis().url,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  const keep = (line: string): void => {
    lines.push(line);
    for (const { resolve } of waiting.filter(({ pattern }) => pattern.test(line))) resolve(line);
  };
  splitLines(child.stdout, keep);
  splitLines(child.stderr, keep);
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  const until = (pattern: RegExp): Promise<string> =>
    new Promise((resolve) => {
      const said = lines.find((line) => pattern.test(line));
      if (said !== undefined) resolve(said);
      else waiting.push({ pattern, resolve });
    });
  return { child, lines, until, ended };
}

const pidOf = (line: string): number => Number(/(?:pid=|here as )(\d+)/.exec(line)?.[1]);
const lives = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
const gone = async (pid: number): Promise<void> => {
  while (lives(pid)) await sleep(5);
};

beforeAll(async () => void (database = await createEmptyDatabase()));
afterAll(() => database.drop());
beforeAll(() => void (dataDir = mkdtempSync(path.join(os.tmpdir(), 'trackly-tune-launch-'))));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));
afterEach(() => void children.splice(0).forEach((child) => child.kill('SIGKILL')));

describe('npm start', () => {
  test('with an environment that cannot be used names every problem, starts nothing and ends with 78', async () => {
    const { lines, ended } = start(['stay'], {
      PORT: 'x',
      LOG_LEVEL: 'loud',
      ENCRYPTION_KEYS: 'k:short',
      FIXTURE_ROWS_MAX: '0',
    });
    expect(await ended).toBe(78);
    for (const name of ['PORT', 'LOG_LEVEL', 'ENCRYPTION_KEYS', 'FIXTURE_ROWS_MAX']) {
      expect(lines.filter((line) => line.includes(`- ${name}: `))).toHaveLength(1);
    }
    expect(lines.join('\n')).not.toContain('service=');
    expect(readdirSync(dataDir)).toEqual([]);
  });

  test('on a port that is taken says so and ends with 78', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const { lines, ended } = start(['stay'], { PORT: String(port) });
    expect(await ended).toBe(78);
    expect(lines.join('\n')).toContain(`PORT: ${port} on HOST 127.0.0.1 cannot be used (EADDRINUSE)`);
    await new Promise((resolve) => server.close(resolve));
  });

  test('stops its services in order at Ctrl-C and ends with 0; its keys are kept and never shown', async () => {
    const { child, lines, until, ended } = start(['stay']);
    await until(/^here as/);
    child.kill('SIGINT');
    // The terminal and npm both pass on the same Ctrl-C.
    child.kill('SIGINT');
    expect(await ended).toBe(0);
    expect(lines).toContain('orderly end');
    expect(lines.at(-1)).toBe('Stopped.');
    for (const name of ['api-key', 'encryption-keys']) {
      const file = path.join(dataDir, 'secrets', name);
      expect(statSync(file).mode & 0o777).toBe(0o600);
      expect(lines.join('\n')).not.toContain(readFileSync(file, 'utf8').trim());
    }
  });

  test('a second one on the same DATA_DIR says so and ends; the first goes on', async () => {
    const first = start(['stay']);
    const pid = pidOf(await first.until(/^here as/));
    const second = start(['stay']);
    expect(await second.ended).toBe(1);
    expect(second.lines.join('\n')).toContain(`already works on this DATA_DIR: process ${first.child.pid}.`);
    expect(lives(pid)).toBe(true);
    first.child.kill('SIGTERM');
    expect(await first.ended).toBe(0);
  });

  test('ends everything with 78 when a service cannot use its configuration', async () => {
    const { lines, ended } = start(['stay', 'refuse']);
    expect(await ended).toBe(78);
    expect(lines).toContain('PORT: is wrong');
    expect(lines.join('\n')).toContain('Everything is stopped, since refuse cannot use its configuration');
  });

  test('ends at once at a second Ctrl-C, and leaves nothing behind', async () => {
    const { child, until, ended } = start(['stubborn']);
    const pid = pidOf(await until(/^here as/));
    child.kill('SIGINT');
    await until(/^Stopping/);
    const again = setInterval(() => child.kill('SIGINT'), 600);
    expect(await ended).toBe(1);
    clearInterval(again);
    await gone(pid);
  });

  test('that is killed takes its services with it, and the next start works', async () => {
    const first = start(['stay']);
    const pid = pidOf(await first.until(/^here as/));
    first.child.kill('SIGKILL');
    await first.ended;
    await gone(pid);
    const second = start(['stay']);
    await second.until(/^here as/);
    second.child.kill('SIGINT');
    expect(await second.ended).toBe(0);
  });
});
