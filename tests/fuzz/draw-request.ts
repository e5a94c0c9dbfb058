import fc from 'fast-check';
import type { DrawnBody, DrawnKey, DrawnRequest, PathStep } from './drawn-request.js';
import { Known, KNOWN_KINDS, type Drawn, type KnownKind } from './drawn-values.js';
import { hostileName, hostileText, hostileValue } from './hostile-values.js';
import type { OpenApiDocument, Operation, Parameter, Schema } from './read-operations.js';
import { seldom } from './seldom.js';
import { spoil, spoilings } from './spoil.js';
import { drawFrom, known } from './valid-values.js';

const OTHER_TYPES = [
  ...['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'application/xml', 'application/json5'],
  ...[
    'application/json; charset=utf-16',
    'application/json;;;',
    'APPLICATION/JSON',
    'application/json\t',
    'json',
    '/',
    '',
  ],
  ...['application/merge-patch+json', 'application/json, text/plain', 'x'.repeat(5_000)],
];
const BYTES = [
  [0xff, 0xfe],
  [0xed, 0xa0, 0x80],
  [0xef, 0xbb, 0xbf, 0x7b, 0x7d],
  [0x22, 0xc3, 0x28, 0x22],
  [0],
  [0x1f, 0x8b, 8],
].map((bytes) => Uint8Array.from(bytes));
/** Just above the limit of 5 MB. */
const TOO_LARGE = new Uint8Array(5 * 1024 * 1024 + 1).fill(0x20);
const RAW_STEPS = [
  ...[
    '%00',
    '%2F',
    '%2f..',
    '..',
    '.',
    '%2e%2e',
    '%',
    '%zz',
    '%c3%28',
    '%ED%A0%80',
    '%ff',
    '%252e',
    '*',
    ':id',
    '',
    '~',
  ],
  ...['int_1;x=1', 'int_1%20', 'x'.repeat(201), 'x'.repeat(9_000), '\u00ff', '"', "'", '{id}', '[', '|', '\\', '^'],
];
const RAW_TAILS = [
  '',
  '&',
  '=',
  '&&==&',
  '%',
  '%zz=1',
  'a=%ff',
  'page[]=1',
  'page[a]=1',
  '__proto__[x]=1',
  '#x',
  '?a=1',
  '+',
  'a',
];

/** Which kind of thing an id stands for, by what stands before it in the path. */
const KIND_OF_STEP: Readonly<Record<string, KnownKind>> = {
  integrations: 'integration',
  offers: 'offer',
  conversions: 'conversion',
  'sync-runs': 'run',
  'parked-transactions': 'transaction',
  messages: 'message',
  clicks: 'click',
};

export const drawnKey: fc.Arbitrary<DrawnKey> = fc.oneof(
  { arbitrary: fc.constant<DrawnKey>('all'), weight: 14 },
  { arbitrary: fc.constant<DrawnKey>('acme'), weight: 2 },
  { arbitrary: fc.constant<DrawnKey>('birch'), weight: 2 },
  { arbitrary: fc.constant<DrawnKey>('none'), weight: 1 },
  {
    arbitrary: fc.constantFrom<DrawnKey>(
      ...[[''], ['x'], ['a', 'b'], ['\u00ff\u00fe'], ['x'.repeat(8_000)], ['__proto__']].map((raw) => ({ raw })),
    ),
    weight: 1,
  },
);

export const headers: fc.Arbitrary<DrawnRequest['headers']> = fc
  .tuple(
    seldom(
      fc.constantFrom('*/*', 'text/csv', 'application/json;q=0', 'text/csv;q=x', ';;,,', 'text/html', '*/*;q=1e9'),
      10,
    ),
    seldom(fc.oneof(fc.constantFrom('k-1', 'k-2', 'k-3', '', ' ', '\u00e9', 'x'.repeat(256)), fc.uuid()), 3),
    seldom(fc.constantFrom('', '\u00e9', 'x'.repeat(65), '../..', '{"a":1}', 'wanted-1'), 8),
    seldom(
      fc.constantFrom<readonly [string, string]>(
        ...([
          ['expect', '100-continue'],
          ['expect', 'x'],
          ['content-encoding', 'gzip'],
          ['range', 'bytes=0-1'],
        ] as const),
        ...([
          ['if-match', '*'],
          ['if-none-match', '"x"'],
          ['x-forwarded-for', 'x, ::1, %'],
          ['accept-encoding', 'x'],
        ] as const),
        ...([
          ['origin', 'null'],
          ['cookie', '=;=;'],
          ['authorization', 'Basic %'],
          ['upgrade', 'h2c'],
        ] as const),
        ['sec-fetch-site', 'cross-site'],
      ),
      8,
    ),
  )
  .map(([accept, idempotency, requestId, other]) => [
    ...(accept === null ? [] : [['accept', accept] as const]),
    ...(idempotency === null ? [] : [['idempotency-key', idempotency] as const]),
    ...(requestId === null ? [] : [['x-request-id', requestId] as const]),
    ...(other === null ? [] : [other]),
  ]);

/** Secrets are not for paths, which stand in logs. */
const OTHER_KINDS = KNOWN_KINDS.filter((kind) => kind !== 'token' && kind !== 'postbackSecret');

/** One step of a path in the place of an id. */
function idStep(kind: KnownKind): fc.Arbitrary<PathStep> {
  const encoded = (value: Drawn): PathStep => ({ encoded: value });
  return fc.oneof(
    { arbitrary: known(kind).map(encoded), weight: 14 },
    { arbitrary: fc.constantFrom(...OTHER_KINDS).map((other) => encoded(new Known(other, 0))), weight: 1 },
    { arbitrary: hostileText.map(encoded), weight: 3 },
    { arbitrary: fc.constantFrom(...RAW_STEPS).map((literal) => ({ literal })), weight: 2 },
  );
}

function drawPath(path: string): fc.Arbitrary<PathStep[]> {
  const steps = path.split('/').slice(1);
  return fc.tuple(
    ...steps.map((step, index): fc.Arbitrary<PathStep> => {
      if (!step.startsWith('{')) return fc.constant({ literal: step });
      return idStep(KIND_OF_STEP[steps[index - 1] ?? ''] ?? 'integration');
    }),
  );
}

type Pair = readonly [name: string, value: Drawn];

/** One parameter: as it should be, left out, hostile or repeated. */
function drawParameter(
  draw: ReturnType<typeof drawFrom>,
  { name, required, schema = {} }: Parameter,
): fc.Arbitrary<Pair[]> {
  const valid = draw(schema, name).map((value): Pair => [name, value]);
  const hostile = fc.oneof(hostileText, hostileValue).map((value): Pair => [name, value]);
  return fc.oneof(
    { arbitrary: valid.map((one) => [one]), weight: required === true ? 16 : 6 },
    { arbitrary: fc.constant<Pair[]>([]), weight: required === true ? 1 : 12 },
    { arbitrary: hostile.map((one) => [one]), weight: 2 },
    { arbitrary: fc.array(valid, { minLength: 2, maxLength: 3 }), weight: 1 },
  );
}

function drawQuery(draw: ReturnType<typeof drawFrom>, parameters: readonly Parameter[]): fc.Arbitrary<Pair[]> {
  const described = parameters.filter((one) => one.in === 'query').map((one) => drawParameter(draw, one));
  const unknown = seldom(fc.tuple(hostileName, hostileText), 20);
  return fc
    .tuple(fc.tuple(...described), unknown)
    .map(([pairs, more]) => [...pairs.flat(), ...(more === null ? [] : [more])]);
}

const JSON_TYPE = 'application/json';
const bodyOf = (content: DrawnBody['content'], type: string | null = JSON_TYPE, cut = 0): DrawnBody => ({
  ...{ type, content, cut },
  as: 'json',
});

function drawBody(draw: ReturnType<typeof drawFrom>, schema: Schema | null): fc.Arbitrary<DrawnBody | null> {
  const valid = schema === null ? fc.constant<Drawn>({}) : draw(schema);
  const other = fc.oneof(
    { arbitrary: hostileValue.map((value) => bodyOf(value)), weight: 4 },
    {
      arbitrary: fc.tuple(valid, fc.integer({ min: 1, max: 20 })).map(([value, cut]) => bodyOf(value, JSON_TYPE, cut)),
      weight: 2,
    },
    {
      arbitrary: fc.tuple(valid, fc.constantFrom(...OTHER_TYPES)).map(([value, type]) => bodyOf(value, type)),
      weight: 2,
    },
    { arbitrary: fc.constantFrom(...BYTES).map((bytes) => bodyOf(bytes)), weight: 2 },
    {
      arbitrary: fc.constantFrom(
        bodyOf(new Uint8Array()),
        bodyOf(new Uint8Array(), null),
        bodyOf(Uint8Array.of(0x7b), null),
      ),
      weight: 2,
    },
  );
  const none = { arbitrary: fc.constant(null), weight: 1 };
  if (schema === null) return fc.oneof({ ...none, weight: 12 }, { arbitrary: other, weight: 1 });
  return fc.oneof(
    { arbitrary: valid.map((value) => bodyOf(value)), weight: 240 },
    { arbitrary: fc.tuple(valid, spoilings).map(([value, changes]) => bodyOf(spoil(value, changes))), weight: 240 },
    { arbitrary: other, weight: 80 },
    { ...none, weight: 30 },
    { arbitrary: fc.constant(bodyOf(TOO_LARGE)), weight: 1 },
  );
}

const OTHER_METHODS = ['HEAD', 'OPTIONS', 'PUT', 'PATCH', 'DELETE', 'POST', 'TRACE', 'PROPFIND', 'QUERY', 'M-SEARCH'];

/** Requests for one operation of the document: most as it wants them, the others wrong in one place or many. */
export function drawRequest(
  document: OpenApiDocument,
  { method, path, parameters, body }: Operation,
): fc.Arbitrary<DrawnRequest> {
  const draw = drawFrom(document);
  return fc.record({
    target: fc.constant('api' as const),
    method: seldom(fc.constantFrom(...OTHER_METHODS), 30).map((other) => other ?? method),
    path: drawPath(path),
    query: drawQuery(draw, parameters),
    tail: seldom(fc.constantFrom(...RAW_TAILS), 25).map((tail) => tail ?? ''),
    key: drawnKey,
    headers,
    body: drawBody(draw, body),
  });
}
