import { beforeAll, expect, test } from '@jest/globals';
import { buildOpenApi } from '../src/openapi.js';

interface Operation {
  readonly operationId?: string;
  readonly security?: unknown[];
  readonly responses: Readonly<Record<string, { description: string; content?: Record<string, unknown> }>>;
}
interface Document {
  readonly openapi: string;
  readonly servers: { url: string }[];
  readonly security: unknown[];
  readonly components: { securitySchemes: Record<string, unknown> };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

let document: Document;
beforeAll(async () => {
  document = (await buildOpenApi()) as Document;
});

const operations = (): { path: string; method: string; operation: Operation }[] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );

test('the document is made without stores and the same each time', async () => {
  expect(await buildOpenApi()).toEqual(document);
});

test('it is OpenAPI 3.1 with a server and the key of every route', () => {
  expect(document.openapi).toBe('3.1.0');
  expect(document.servers).toHaveLength(1);
  expect(document.security).toEqual([{ apiKey: [] }]);
  expect(document.components.securitySchemes['apiKey']).toMatchObject({ type: 'apiKey', in: 'header' });
});

test('every route has a name of its own, a success and every error that it can answer', () => {
  const ids = operations().map(({ operation }) => operation.operationId);
  expect(ids).not.toContain(undefined);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { path, method, operation } of operations().filter(({ path }) => path.startsWith('/v1/'))) {
    const statuses = Object.keys(operation.responses);
    const expected = ['400', '401', '406', '500', '503', ...(method === 'post' ? ['409', '413', '415', '422'] : [])];
    expect({ path, method, missing: expected.filter((status) => !statuses.includes(status)) }).toEqual({
      path,
      method,
      missing: [],
    });
    expect({ path, method, success: statuses.some((status) => status.startsWith('2')) }).toMatchObject({
      success: true,
    });
  }
});

test('routes that anybody may ask say so', () => {
  for (const { path, operation } of operations().filter(({ path }) => !path.startsWith('/v1/'))) {
    expect({ path, security: operation.security }).toEqual({ path, security: [] });
  }
});

test('every reference leads somewhere and every path parameter is described', () => {
  const text = JSON.stringify(document);
  for (const [, pointer = ''] of text.matchAll(/"\$ref":"#\/([^"]+)"/g)) {
    const target = pointer.split('/').reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], document);
    expect({ pointer, found: target !== undefined }).toEqual({ pointer, found: true });
  }
  for (const { path, operation } of operations()) {
    const named = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name);
    const described = ((operation as { parameters?: { in: string; name: string }[] }).parameters ?? [])
      .filter((parameter) => parameter.in === 'path')
      .map(({ name }) => name);
    expect({ path, described: described.sort() }).toEqual({ path, described: named.sort() });
  }
});
