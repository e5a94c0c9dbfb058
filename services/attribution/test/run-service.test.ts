import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createEmptyDatabase, testRedis, type TestDatabase } from '@trackly-tune/testing';

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));

interface Line {
  readonly msg: string;
  readonly [field: string]: unknown;
}

/** The service's own process; `said` resolves with the first line that holds a text. */
function startProcess(env: Record<string, string>) {
  const child = spawn(process.execPath, [MAIN], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: Line[] = [];
  const looks = new Set<() => void>();
  let [rest, err] = ['', ''];
  child.stderr.on('data', (chunk: Buffer) => void (err += chunk.toString()));
  child.stdout.on('data', (chunk: Buffer) => {
    const parts = (rest + chunk.toString()).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) lines.push(JSON.parse(part) as Line);
    for (const look of looks) look();
  });
  const ended = new Promise<{ code: number | null; err: string }>((resolve) => {
    child.once('close', (code) => resolve({ code, err }));
  });
  return {
    lines,
    ended,
    kill: (signal: NodeJS.Signals) => void child.kill(signal),
    said: (text: string) =>
      new Promise<Line>((resolve, reject) => {
        const look = (): void => {
          const found = lines.find(({ msg }) => msg.includes(text));
          if (!found) return;
          looks.delete(look);
          resolve(found);
        };
        looks.add(look);
        look();
        void ended.then(() => reject(new Error(`ended without saying "${text}": ${err}`)));
      }),
  };
}

async function freePort(): Promise<number> {
  const { createServer } = await import('node:net');
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

let database: TestDatabase;
beforeAll(async () => {
  database = await createEmptyDatabase();
});
afterAll(() => database.drop());

describe('the process of attribution', () => {
  test('refuses to start without stores, naming every problem, with exit code 78', async () => {
    const { code, err } = await startProcess({ ATTRIBUTION_BATCH_MAX: 'many' }).ended;
    expect(code).toBe(78);
    for (const name of ['DATABASE_URL', 'REDIS_URL', 'ATTRIBUTION_BATCH_MAX']) expect(err).toContain(`  - ${name}: `);
  });

  test('migrates an empty database, says that it is ready, shows its metrics, and ends with 0 on SIGTERM', async () => {
    const redis = testRedis();
    const port = await freePort();
    const service = startProcess({
      DATABASE_URL: database.url,
      REDIS_URL: redis.url,
      QUEUE_PREFIX: redis.prefix,
      HEALTH_PORT: String(port),
    });
    await service.said('started');
    const ready = await fetch(`http://127.0.0.1:${port}/readyz`);
    expect([ready.status, await ready.json()]).toMatchObject([200, { ready: true }]);
    const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    expect(metrics).toContain('trackly_transactions_due{service="attribution"} 0');
    expect(metrics).toContain('trackly_ledger_relay_lag_seconds{service="attribution"} 0');
    service.kill('SIGTERM');
    expect((await service.ended).code).toBe(0);
  });

  test('stays up without its stores, alive and not ready, and still stops in order', async () => {
    const port = await freePort();
    const service = startProcess({
      DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none',
      REDIS_URL: 'redis://127.0.0.1:1',
      HEALTH_PORT: String(port),
    });
    await service.said('the database schema is not ready');
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
    const ready = await fetch(`http://127.0.0.1:${port}/readyz`);
    expect(ready.status).toBe(503);
    const { checks } = (await ready.json()) as { checks: { name: string; ok: boolean }[] };
    expect(checks.map(({ name, ok }) => [name, ok])).toEqual([
      ['database', false],
      ['redis', false],
      ['migrations', false],
      ['loops', true],
    ]);
    service.kill('SIGTERM');
    expect((await service.ended).code).toBe(0);
  });
});
