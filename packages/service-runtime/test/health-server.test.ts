import { afterEach, describe, expect, test } from '@jest/globals';
import {
  createHealthServer,
  createMetrics,
  createReadiness,
  VERSION,
  type HealthServer,
} from '@trackly-tune/service-runtime';

const open: HealthServer[] = [];

async function serve(checks: Record<string, () => Promise<void>>, signal?: AbortSignal): Promise<string> {
  const server = await createHealthServer({
    host: '127.0.0.1',
    port: 0,
    readiness: createReadiness(checks, signal === undefined ? {} : { signal }),
    metrics: createMetrics('attribution'),
  });
  open.push(server);
  return `http://127.0.0.1:${server.port}`;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

const away = (): Promise<void> =>
  Promise.reject(Object.assign(new Error('postgres://u:password@h refused'), { code: 'ECONNREFUSED' }));

describe('the health server', () => {
  test('is alive whatever the stores do, and ready only when every check passes', async () => {
    const url = await serve({ database: away, redis: () => Promise.resolve() });
    const alive = await fetch(`${url}/healthz`);
    expect({ status: alive.status, body: await alive.json() }).toEqual({
      status: 200,
      body: { status: 'alive', version: VERSION },
    });
    const ready = await fetch(`${url}/readyz`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toEqual({
      ready: false,
      status: 'not_ready',
      degraded: [],
      checks: [
        { name: 'database', ok: false, message: 'ECONNREFUSED' },
        { name: 'redis', ok: true, message: 'ok' },
      ],
    });
    const fine = await serve({ database: () => Promise.resolve() });
    expect((await fetch(`${fine}/readyz`)).status).toBe(200);
  });

  test('calls a check that hangs failed within its time limit', async () => {
    const url = await serve({ database: () => new Promise(() => undefined) });
    const answers = await Promise.all([fetch(`${url}/readyz`), fetch(`${url}/readyz`)]);
    expect(answers.map(({ status }) => status)).toEqual([503, 503]);
    expect(await answers[0].json()).toMatchObject({ checks: [{ name: 'database', message: 'time_limit_exceeded' }] });
  });

  test('is not ready as soon as the process is to stop, and still alive', async () => {
    const stopping = new AbortController();
    const url = await serve({ database: () => Promise.resolve() }, stopping.signal);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    stopping.abort();
    expect((await fetch(`${url}/readyz`)).status).toBe(503);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  test('shows the metrics of its service in the format of Prometheus', async () => {
    const answer = await fetch(`${await serve({})}/metrics`);
    expect(answer.headers.get('content-type')).toContain('text/plain');
    const text = await answer.text();
    expect(text).toContain('service="attribution"');
    expect(text).toContain(`trackly_build_info{version="${VERSION}",service="attribution"} 1`);
  });

  test('answers 404 elsewhere, and does not listen when it is off', async () => {
    expect((await fetch(`${await serve({})}/secret`)).status).toBe(404);
    const off = await createHealthServer({
      host: '127.0.0.1',
      port: null,
      readiness: createReadiness({}),
      metrics: createMetrics('x'),
    });
    expect(off.port).toBeNull();
    await off.close();
  });
});

test('readiness that is asked for by many at once runs its checks once', async () => {
  let runs = 0;
  const readiness = createReadiness({
    database: async () => {
      runs += 1;
      await new Promise((resolve) => setImmediate(resolve));
    },
  });
  await Promise.all([readiness.check(), readiness.check(), readiness.check()]);
  expect(runs).toBe(1);
});

test('what can be done without makes a service degraded, and it stays ready', async () => {
  const readiness = createReadiness({ database: () => Promise.resolve() }, { helpful: { redis: away } });
  expect(await readiness.check()).toEqual({
    ready: true,
    status: 'degraded',
    degraded: ['redis'],
    checks: [
      { name: 'database', ok: true, message: 'ok' },
      { name: 'redis', ok: false, message: 'ECONNREFUSED' },
    ],
  });
  const without = createReadiness({ database: away }, { helpful: { redis: away } });
  expect(await without.check()).toMatchObject({ ready: false, status: 'not_ready', degraded: ['redis'] });
});
