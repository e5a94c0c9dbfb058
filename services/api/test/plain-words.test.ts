import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startApiWorld, type ApiWorld } from './api-world.js';

let api: ApiWorld;
beforeAll(async () => {
  api = await startApiWorld();
});
afterAll(() => api.close());

/** Words of the validation library, which say nothing to people. */
const LIBRARY = /invalid input|invalid option|expected|received|too (?:small|big)|unrecognized|NaN|undefined|>=|<=/i;

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: {
    readonly content: Record<string, { readonly schema: { $ref?: string; properties?: Record<string, unknown> } }>;
  };
}

test('every route says what is wrong with every one of its fields in people’s words, naming the field', async () => {
  const { paths, components } = (await api.call('GET', '/openapi.json', { key: null })).body as {
    paths: Record<string, Record<string, Operation>>;
    components: { schemas: Record<string, { properties?: Record<string, unknown> }> };
  };
  const messages: string[] = [];
  const asked = new Set<string>();
  for (const [path, methods] of Object.entries(paths)) {
    if (!path.startsWith('/v1/')) continue;
    for (const [method, { parameters = [], requestBody }] of Object.entries(methods)) {
      const url = path.replaceAll(/\{[^}]+\}/g, 'int_1');
      const body = requestBody?.content['application/json']?.schema;
      const named = components.schemas[body?.$ref?.replace('#/components/schemas/', '') ?? ''];
      const names = Object.keys((named ?? body)?.properties ?? {});
      for (const wrong of [[], { deep: true }, 1e300, '', '\u0000', null]) {
        const query = parameters
          .filter((one) => one.in === 'query')
          .map(({ name }) => `${name}=${encodeURIComponent(typeof wrong === 'string' ? wrong : 'no such thing')}`);
        const reply = await api.call(method.toUpperCase() as 'GET', `${url}?${[...query, 'unknown=1'].join('&')}`, {
          ...(names.length === 0 ? {} : { payload: Object.fromEntries(names.map((name) => [name, wrong])) }),
        });
        if (names.length > 0) {
          const bodyOnly = await api.call(method.toUpperCase() as 'GET', url, {
            payload: Object.fromEntries(names.map((name) => [name, wrong])),
          });
          collect(bodyOnly.body);
        }
        collect(reply.body);
      }
      asked.add(`${method} ${path}`);
    }
  }
  function collect(body: Record<string, unknown>): void {
    if (body['code'] !== 'invalid_request') return;
    for (const { path, message } of body['details'] as { path: string; message: string }[]) {
      expect(path).not.toBe('');
      messages.push(`${path} ${message}`);
    }
  }
  expect(asked.size).toBeGreaterThan(25);
  expect(messages.length).toBeGreaterThan(300);
  expect([...new Set(messages.filter((message) => LIBRARY.test(message)))]).toEqual([]);
});

test('a record of a bulk call says which field is wrong and what was given', async () => {
  const { body } = await api.call('POST', '/v1/messages', {
    payload: { records: [{ account_id: 'acme', message_id: 'short' }, 'text'] },
  });
  const errors = body['errors'] as { error: string }[];
  expect(errors[0]?.error).toContain('message_id must be 8 characters of A-Z, a-z and 0-9, not "short"');
  expect(errors[0]?.error).toContain('sent_at is required');
  expect(errors[1]?.error).toBe('record must be an object');
});
