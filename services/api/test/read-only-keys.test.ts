import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { addIntegration } from '@trackly-tune/testing';
import { sql } from 'kysely';
import { startApiWorld, type ApiWorld } from './api-world.js';

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

const document = JSON.parse(readFileSync('docs/reference/openapi.json', 'utf8')) as {
  paths: Record<string, Record<string, { responses: Record<string, unknown> }>>;
};
const routes = Object.entries(document.paths)
  .flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { responses }]) => ({
      method: method.toUpperCase() as Method,
      path,
      responses,
    })),
  )
  .filter(({ path }) => path.startsWith('/v1/'));
const changes = routes.filter(({ method }) => method !== 'GET');

let api: ApiWorld;
let integration: string;
beforeAll(async () => {
  api = await startApiWorld();
  integration = `int_${(await addIntegration(api.db, { accountId: 'acme' })).id}`;
});
afterAll(() => api.close());

/** What the database holds: how many rows of each table, and how often any was ever changed. */
async function fingerprint(): Promise<unknown> {
  await sql`SELECT pg_stat_force_next_flush()`.execute(api.db);
  const { rows } =
    await sql`SELECT relname, n_tup_ins, n_tup_upd, n_tup_del FROM pg_stat_user_tables ORDER BY 1`.execute(api.db);
  return rows;
}

describe('a key that may only read', () => {
  test('is refused by every route that changes something, before anything is looked at', async () => {
    expect(changes.length).toBeGreaterThan(15);
    const before = await fingerprint();
    for (const { method, path } of changes) {
      const url = path.replace(/\{\w+\}/g, integration);
      for (const key of ['auditor', 'acmeReader'] as const) {
        const { status, body } = await api.call(method, url, { key, payload: '{not json' });
        expect({ method, path, status, code: body['code'] }).toEqual({
          method,
          path,
          status: 403,
          code: 'read_only_key',
        });
      }
    }
    expect(await fingerprint()).toEqual(before);
  });

  test('that is said of each of these routes, and of no other', () => {
    expect(routes.filter(({ responses }) => '403' in responses)).toEqual(changes);
  });

  test('sees what another key of its account sees, and not more', async () => {
    const asked = [
      '/v1/integrations',
      `/v1/integrations/${integration}`,
      '/v1/conversions',
      '/v1/revenue-changes?account_id=acme',
    ];
    for (const url of asked) {
      const full = await api.call('GET', url, { key: 'acme' });
      expect(full.status).toBe(200);
      expect((await api.call('GET', url, { key: 'acmeReader' })).body).toEqual(full.body);
      expect((await api.call('GET', url, { key: 'auditor' })).body).toEqual((await api.call('GET', url)).body);
    }
    expect((await api.call('GET', '/v1/revenue-changes?account_id=other', { key: 'acmeReader' })).status).toBe(404);
  });

  test('sees the board of the queues where it sees every account, and changes nothing there', async () => {
    expect((await api.call('GET', '/admin/queues', { key: 'auditor' })).status).toBe(200);
    expect((await api.call('PUT', '/admin/queues/api/queues/pull/clean/completed', { key: 'auditor' })).status).toBe(
      403,
    );
    expect((await api.call('GET', '/admin/queues', { key: 'acmeReader' })).status).toBe(401);
  });
});

test('GET /v1/me says whose key it is and what it may do, and never the key', async () => {
  const me = async (key: 'all' | 'acme' | 'auditor' | 'acmeReader') => (await api.call('GET', '/v1/me', { key })).body;
  const version = expect.stringMatching(/^\d+\.\d+\.\d+/);
  expect(await me('all')).toEqual({ key_name: 'all', account_id: null, role: 'full', version });
  expect(await me('acme')).toEqual({ key_name: 'acme', account_id: 'acme', role: 'full', version });
  expect(await me('auditor')).toEqual({ key_name: 'auditor', account_id: null, role: 'read', version });
  expect(await me('acmeReader')).toEqual({ key_name: 'acme-reader', account_id: 'acme', role: 'read', version });
  expect((await api.call('GET', '/v1/me', { key: null })).status).toBe(401);
});
