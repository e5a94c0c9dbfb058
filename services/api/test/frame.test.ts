import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import http from 'node:http';
import { KEYS, startApiWorld, type ApiWorld } from './api-world.js';

let api: ApiWorld;
beforeAll(async () => {
  api = await startApiWorld();
  await api.app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(() => api.close());

const JSON_TYPE = { 'content-type': 'application/json' };
const urlOf = (path: string): string => new URL(path, api.app.listeningOrigin).href;

describe('errors have one form', () => {
  test.each([
    ['an unknown route', 'GET', '/v1/nowhere', {}, 404, 'not_found'],
    ['an unknown route outside /v1', 'GET', '/nowhere', {}, 404, 'not_found'],
    ['a known path, another method', 'GET', '/v1/messages', {}, 405, 'method_not_allowed'],
    [
      'a body that is no JSON',
      'POST',
      '/v1/messages',
      { payload: '{"records"', headers: JSON_TYPE },
      400,
      'invalid_request',
    ],
    ['no body', 'POST', '/v1/messages', { payload: '', headers: JSON_TYPE }, 400, 'invalid_request'],
    [
      'a prototype in the body',
      'POST',
      '/v1/messages',
      { payload: '{"__proto__":{}}', headers: JSON_TYPE },
      400,
      'invalid_request',
    ],
    [
      'another content type',
      'POST',
      '/v1/messages',
      { payload: 'a', headers: { 'content-type': 'text/plain' } },
      415,
      'unsupported_media_type',
    ],
    [
      'a caller that takes no JSON',
      'GET',
      '/v1/conversions',
      { headers: { accept: 'text/html, application/json;q=0' } },
      406,
      'not_acceptable',
    ],
    ['a path that cannot be decoded', 'GET', '/v1/conversions/%ff', {}, 400, 'invalid_request'],
    ['an id that is too long', 'GET', `/v1/conversions/${'x'.repeat(300)}`, {}, 400, 'invalid_request'],
    ['an unknown query field', 'GET', '/v1/conversions?wanted=1', {}, 400, 'invalid_request'],
    ['a query field given twice', 'GET', '/v1/conversions?status=approved&status=pending', {}, 400, 'invalid_request'],
  ] as const)('%s', async (_what, method, url, options, status, code) => {
    const reply = await api.call(method, url, options);
    expect({ status: reply.status, body: reply.body }).toEqual({
      status,
      body: { error: expect.any(String), code, ...(code === 'invalid_request' ? { details: expect.any(Array) } : {}) },
    });
    expect(reply.headers['content-type']).toMatch(/^application\/json/);
  });

  test('each unknown and each wrong field stands in details with its path', async () => {
    const { body } = await api.call('POST', '/v1/messages', { payload: { records: [], colour: 1, size: 2 } });
    expect((body['details'] as { path: string }[]).map(({ path }) => path).sort()).toEqual([
      'colour',
      'records',
      'size',
    ]);
    const query = await api.call('GET', '/v1/conversions?limit=0');
    expect(query.body['details']).toMatchObject([{ path: 'limit' }]);
  });

  test('405 says which methods there are', async () => {
    expect((await api.call('DELETE', '/v1/conversions/cnv_1')).headers['allow']).toBe('GET, HEAD');
  });

  test('a body over 5 MB is 413, and the sender lives to read it', async () => {
    const response = await fetch(urlOf('/v1/messages'), {
      method: 'POST',
      headers: { ...JSON_TYPE, 'x-api-key': KEYS.all },
      body: '{}'.padEnd(6_000_000),
    });
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ code: 'body_too_large' });
  });

  test.each([
    ['lists', '['.repeat(5_000) + ']'.repeat(5_000)],
    ['objects', `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`],
  ])('%s nested thousands deep are 400, also where a repetition would be recognised', async (_what, payload) => {
    const reply = await api.call('POST', '/v1/messages', {
      payload,
      headers: { ...JSON_TYPE, 'idempotency-key': 'deep-1' },
    });
    expect(reply).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    expect(reply.body['details']).toEqual([{ path: 'body', message: 'is nested too deeply' }]);
  });

  test('an expectation that nobody knows is passed over', async () => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const asked = http.get(urlOf('/v1/conversions'), { headers: { expect: 'a-wonder', 'x-api-key': KEYS.all } });
      asked.once('response', (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      asked.once('error', reject);
    });
    expect(status).toBe(200);
  });

  test('what nobody expected is 500, says nothing of the inside and is logged under the request id', async () => {
    const reply = await api.call('GET', '/v1/revenue?account_id=acc&group_by=day', {
      headers: { 'x-request-id': 'wanted-1' },
    });
    expect(reply.headers['x-request-id']).toBe('wanted-1');
    await api.db.schema.alterTable('revenue_totals').renameTo('revenue_totals_gone').execute();
    const broken = await api.call('GET', '/v1/revenue?account_id=acc&group_by=creative', {
      headers: { 'x-request-id': 'wanted-2' },
    });
    await api.db.schema.alterTable('revenue_totals_gone').renameTo('revenue_totals').execute();
    expect(broken).toMatchObject({ status: 500, body: { code: 'internal_error' } });
    expect(JSON.stringify(broken.body)).not.toMatch(/revenue_totals|relation|select/i);
    expect(api.lines.some((line) => line.includes('wanted-2') && line.includes('revenue_totals'))).toBe(true);
  });

  test('until the schema is there, what needs it is 503 with Retry-After', async () => {
    api.setStoreReady(false);
    const reply = await api.call('GET', '/v1/conversions');
    const health = await api.call('GET', '/healthz', { key: null });
    api.setStoreReady(true);
    expect(reply).toMatchObject({ status: 503, body: { code: 'store_unavailable' } });
    expect(Number(reply.headers['retry-after'])).toBeGreaterThan(0);
    expect(health.status).toBe(200);
  });
});

describe('API keys', () => {
  test('every route of /v1 needs one, unknown paths included; a wrong one is as good as none', async () => {
    const document = (await api.call('GET', '/openapi.json', { key: null })).body as {
      paths: Record<string, Record<string, unknown>>;
    };
    const paths = Object.entries(document.paths).filter(([path]) => path.startsWith('/v1/'));
    expect(paths.length).toBeGreaterThan(5);
    for (const [path, methods] of paths) {
      for (const method of Object.keys(methods)) {
        const url = path.replaceAll(/\{[^}]+\}/g, 'int_1');
        const call = api.call(method.toUpperCase() as 'GET', url, { key: null });
        expect({ method, url, ...(await call) }).toMatchObject({ status: 401, body: { code: 'unauthorized' } });
      }
    }
    for (const url of ['/v1/nowhere', '/%76%31/conversions']) {
      expect({ url, ...(await api.call('GET', url, { key: null })) }).toMatchObject({ url, status: 401 });
    }
    const wrong = await api.call('GET', '/v1/conversions', { key: null, headers: { 'x-api-key': `${KEYS.all}x` } });
    expect(wrong.status).toBe(401);
  });

  test('one that is bound to an account sees nothing of others', async () => {
    expect((await api.call('GET', '/v1/revenue?account_id=acme&group_by=day', { key: 'acme' })).status).toBe(200);
    expect((await api.call('GET', '/v1/revenue?account_id=acme&group_by=day', { key: 'other' })).status).toBe(404);
  });

  test('the board takes unscoped ones only, as header or as password', async () => {
    const basic = (password: string) => ({
      authorization: `Basic ${Buffer.from(`me:${password}`).toString('base64')}`,
    });
    const nobody = await api.call('GET', '/admin/queues', { key: null });
    expect(nobody).toMatchObject({ status: 401, body: { code: 'unauthorized' } });
    expect(nobody.headers['www-authenticate']).toMatch(/^Basic /);
    expect((await api.call('GET', '/admin/queues', { key: 'acme' })).status).toBe(401);
    expect((await api.call('GET', '/admin/queues', { key: null, headers: basic(KEYS.acme) })).status).toBe(401);

    expect((await api.call('GET', '/admin/queues')).status).toBe(200);
    const listed = await api.call('GET', '/admin/queues/api/queues', { key: null, headers: basic(KEYS.all) });
    expect((listed.body['queues'] as { name: string }[]).map(({ name }) => name).sort()).toEqual([
      'attribution',
      'conversion-sync',
      'offer-sync',
    ]);
    const crossSite = { ...basic(KEYS.all), 'sec-fetch-site': 'cross-site' };
    const change = await api.call('PUT', '/admin/queues/api/queues/attribution/pause', {
      key: null,
      headers: crossSite,
    });
    expect(change).toMatchObject({ status: 403, body: { code: 'cross_site_request' } });
  });
});

test('queries, headers and keys are in no line of the log', async () => {
  await api.call('GET', '/conv/offer?postback_secret=hidden-in-query&message_id=hidden-too', { key: null });
  await api.call('GET', '/v1/conversions?message_id=hidden-again', { headers: { 'x-private': 'hidden-header' } });
  await api.call('GET', '/v1/conversions', { headers: { 'x-request-id': 'named-in-the-log' } });
  const log = api.lines.join('');
  expect(log).toContain('"path":"/v1/conversions"');
  expect(log).toContain('"key_name":"all"');
  expect(log).toContain('"request_id":"named-in-the-log"');
  expect(log).not.toMatch(/hidden/);
  for (const key of Object.values(KEYS)) expect(log).not.toContain(key);
});

describe('operations', () => {
  test('requests are measured by route, never by what callers send', async () => {
    await api.call('GET', '/v1/conversions/cnv_7654321');
    await api.call('GET', '/random-path-7654321', { key: null });
    const { body } = await api.call('GET', '/metrics', { key: null });
    const text = String(body['text']);
    expect(text).toMatch(/http_request_duration_seconds_count\{[^}]*route="\/v1\/conversions\/:id"/);
    expect(text).toMatch(/route="unmatched"/);
    expect(text).not.toContain('7654321');
  });

  test('the documents are served without a key and without the internet', async () => {
    const page = await api.call('GET', '/docs', { key: null });
    expect(page.status).toBe(200);
    expect(String(page.body['text'])).not.toMatch(/(src|href)="https?:/);
    expect((await api.call('GET', '/docs/static/swagger-ui-bundle.js', { key: null })).status).toBe(200);
  });
});
