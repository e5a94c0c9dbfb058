import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, utimesSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { freePort } from '@trackly-tune/embedded-stores';
import { splitLines } from '@trackly-tune/launcher';
import { askDatabase, until } from '@trackly-tune/testing';
import { ROOT } from '../system/start-services.js';

const LIMIT_MS = 120_000;

const lines: string[] = [];
let dataDir: string;
let dev: ChildProcess;
let inspectPort: number;
const said = (pattern: RegExp, from = 0): Promise<string> =>
  until(`it says ${pattern}`, LIMIT_MS, () => lines.slice(from).find((line) => pattern.test(line)));

beforeAll(async () => {
  dataDir = mkdtempSync(path.join(os.tmpdir(), 'trackly-tune-dev-'));
  inspectPort = await freePort();
  dev = spawn(
    process.execPath,
    ['tools/run.mjs', 'tools/dev.ts', '--inspect', 'attribution', '--inspect-port', String(inspectPort)],
    { cwd: ROOT, env: { ...process.env, NODE_OPTIONS: '', DATA_DIR: dataDir, PORT: '0' } },
  );
  for (const stream of [dev.stdout, dev.stderr]) if (stream) splitLines(stream, (line) => void lines.push(line));
});
afterAll(() => {
  dev.kill('SIGKILL');
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
});

test(
  'npm run dev starts every service with logs for people, one of them open to a debugger, and psql finds the database',
  async () => {
    const api = (await said(/^API +http/)).replace(/^API +(\S+)\/v1$/, '$1');
    expect((await fetch(`${api}/readyz`)).status).toBe(200);
    await said(/INFO: attribution: started$/);
    const open = (await (await fetch(`http://127.0.0.1:${inspectPort}/json/list`)).json()) as { url: string }[];
    expect(open.map(({ url }) => url)).toEqual([expect.stringContaining('/services/attribution/')]);

    const [, passwordFile, port, database] =
      /\(cat '(.+)'\) psql -h 127\.0\.0\.1 -p (\d+) -U postgres (\w+)$/.exec(await said(/^database /)) ?? [];
    const password = readFileSync(passwordFile ?? '', 'utf8').trim();
    const url = `postgres://postgres:${password}@127.0.0.1:${port}/${database}`;
    expect(await askDatabase(url, 'SELECT 1 AS there FROM integrations')).toEqual([]);
  },
  LIMIT_MS,
);

test(
  'a file that is written restarts what depends on it and nothing else',
  async () => {
    const from = lines.length;
    utimesSync(path.join(ROOT, 'services/offer-sync/src/main.ts'), new Date(), new Date());
    await said(/^Changed: services\/offer-sync; restarting offer-sync$/, from);
    await said(/INFO: offer-sync: started$/, from);
    expect(lines.slice(from).filter((line) => /^service=/.test(line))).toEqual([
      expect.stringMatching(/^service=offer-sync pid=\d+$/),
    ]);
  },
  LIMIT_MS,
);

test(
  'Ctrl-C stops all of it and ends with 0',
  async () => {
    const ended = once(dev, 'exit') as Promise<[number | null]>;
    dev.kill('SIGINT');
    expect((await ended)[0]).toBe(0);
    expect(lines.at(-1)).toBe('Stopped.');
  },
  LIMIT_MS,
);
