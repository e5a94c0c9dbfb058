import { beforeAll, expect, test } from '@jest/globals';
import { buildOpenApi } from '../src/openapi.js';

interface Media {
  readonly schema: unknown;
  readonly example?: unknown;
  readonly examples?: unknown;
}
interface Answer {
  readonly $ref?: string;
  readonly description: string;
  readonly content?: Record<string, Media>;
  readonly headers?: Record<string, unknown>;
}
interface Operation {
  readonly operationId?: string;
  readonly security?: unknown[];
  readonly parameters?: readonly { $ref?: string; in?: string; name?: string; schema?: { enum?: string[] } }[];
  readonly requestBody?: { readonly required: boolean; readonly content: Record<string, Media> };
  readonly responses: Readonly<Record<string, Answer>>;
}
interface Document {
  readonly openapi: string;
  readonly servers: { url: string }[];
  readonly security: unknown[];
  readonly components: {
    readonly securitySchemes: Record<string, unknown>;
    readonly schemas: Record<string, unknown>;
    readonly responses: Record<string, Answer>;
  };
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
    const described = (operation.parameters ?? [])
      .filter((parameter) => parameter.in === 'path')
      .map(({ name }) => name);
    expect({ path, described: described.sort() }).toEqual({ path, described: named.sort() });
  }
});

/** Every answer, the shared ones at each route that has them. */
const answers = () =>
  operations().flatMap(({ path, method, operation }) =>
    Object.entries(operation.responses).map(([status, answer]) => ({
      place: `${method} ${path} ${status}`,
      answer: answer.$ref === undefined ? answer : document.components.responses[answer.$ref.split('/').at(-1) ?? '']!,
    })),
  );

test('every answer has a description of its own, the id of its request and, where it has a body, an example', () => {
  expect(answers().length).toBeGreaterThan(300);
  for (const { place, answer } of answers()) {
    expect({ place, description: answer.description }).toEqual({
      place,
      description: expect.not.stringMatching(/^(Default Response)?$/),
    });
    expect({ place, headers: Object.keys(answer.headers ?? {}) }).toEqual({
      place,
      headers: expect.arrayContaining(['X-Request-Id']),
    });
    const media = answer.content?.['application/json'];
    if (media === undefined) continue;
    expect({ place, example: media.example ?? media.examples }).not.toEqual({ place, example: undefined });
  }
});

test('every error is of the one form that errors have', () => {
  for (const { place, answer } of answers().filter(({ place }) => /^\w+ \/(v1|conv)\/.* [45]\d\d$/.test(place))) {
    expect({ place, schema: answer.content?.['application/json']?.schema }).toEqual({
      place,
      schema: { $ref: expect.stringMatching(/^#\/components\/schemas\/(Error|IntegrationConflict)$/) },
    });
  }
});

test('every body has an example, and only those may be left out that the route can do without', () => {
  const bodies = operations().flatMap(({ operation }) => {
    const { operationId, requestBody } = operation;
    return requestBody === undefined ? [] : [{ operationId, ...requestBody }];
  });
  for (const { operationId, content } of bodies) {
    for (const media of Object.values(content)) {
      expect({ operationId, example: media.example }).not.toEqual({ operationId, example: undefined });
    }
  }
  const optional = bodies.filter(({ required }) => !required).map(({ operationId }) => operationId);
  expect(optional).toContain('startConversionSync');
  expect(optional).not.toContain('createIntegration');
});

test('routes that keep answers take an Idempotency-Key, and no other does', () => {
  const takes = operations().filter(({ operation }) => operation.parameters?.some(({ $ref }) => $ref !== undefined));
  const ids = takes.map(({ operation }) => operation.operationId);
  expect(ids).toEqual(expect.arrayContaining(['createIntegration', 'postMessages', 'startBackfill', 'reattribute']));
  expect(ids).not.toContain('testConnection');
  expect(takes.filter(({ method }) => method !== 'post')).toEqual([]);
});

test('exports are described as CSV with their columns, and groupings by name', () => {
  for (const path of ['/v1/conversions', '/v1/revenue']) {
    const { responses, parameters } = document.paths[path]!['get']!;
    expect(responses['200']?.content?.['text/csv']?.example).toMatch(/^\w+(,\w+)+\r\n$/);
    if (path !== '/v1/revenue') continue;
    expect(parameters?.find(({ name }) => name === 'group_by')?.schema?.enum).toEqual(
      expect.arrayContaining(['message', 'day', 'day,offer', 'offer,day']),
    );
  }
});

test('a shape that stands twice has a name, and what has a name stands nowhere else', () => {
  const places = new Map<string, string[]>();
  function collect(value: unknown, place: string): void {
    if (typeof value !== 'object' || value === null) return;
    const { description: _description, ...shape } = value as Record<string, unknown>;
    if (shape['type'] === 'object' && Object.keys((shape['properties'] as object | undefined) ?? {}).length > 1) {
      const key = JSON.stringify(shape);
      places.set(key, [...(places.get(key) ?? []), place]);
    }
    for (const [name, inner] of Object.entries(value)) collect(inner, `${place}/${name}`);
  }
  collect({ paths: document.paths, schemas: document.components.schemas }, '');
  expect(places.size).toBeGreaterThan(50);
  expect([...places.values()].filter((found) => found.length > 1)).toEqual([]);
});

test('the document stays below 320 KB as it is committed', () => {
  expect(`${JSON.stringify(document, null, 2)}\n`.length).toBeLessThan(320_000);
});
