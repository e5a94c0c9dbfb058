import fc from 'fast-check';
import type { DrawnKey, DrawnRequest } from './drawn-request.js';
import { seldom } from './seldom.js';

const ACCEPTED = ['*/*', 'text/csv', 'application/json;q=0', 'text/csv;q=x', ';;,,', 'text/html', '*/*;q=1e9', ''];
const IDEMPOTENCY_KEYS = ['k-1', 'k-2', 'k-3'];
const NO_IDEMPOTENCY_KEYS = ['', ' ', '\u00e9', 'x'.repeat(256), 'a b'];
const REQUEST_IDS = ['', '\u00e9', 'x'.repeat(65), '../..', '{"a":1}', 'wanted-1'];
const OTHERS = [
  'expect: 100-continue',
  'expect: x',
  'content-encoding: gzip',
  'range: bytes=0-1',
  'if-match: *',
  'if-none-match: "x"',
  'x-forwarded-for: x, ::1, %',
  'accept-encoding: x',
  'origin: null',
  'cookie: =;=;',
  'authorization: Basic %',
  'upgrade: h2c',
  'sec-fetch-site: cross-site',
  `x-filler: ${'x'.repeat(9_000)}`,
].map((line): readonly [string, string] => {
  const [name = '', value = ''] = line.split(/: (.*)/s);
  return [name, value];
});

type Headers = DrawnRequest['headers'];
const named = (name: string, value: string | null): Headers => (value === null ? [] : [[name, value]]);

/** Keys with which something is seen, and those of the wrong account. */
export const goodKey: fc.Arbitrary<DrawnKey> = fc.constantFrom('all', 'all', 'all', 'all', 'all', 'acme', 'birch');

export const badKey: fc.Arbitrary<DrawnKey> = fc.constantFrom<DrawnKey>(
  'none',
  ...[[''], ['x'], ['a', 'b'], ['\u00ff\u00fe'], ['x'.repeat(8_000)], ['__proto__']].map((raw) => ({ raw })),
);

/** Keys that are known twice and thrice, so that some requests are repetitions. */
export const goodHeaders: fc.Arbitrary<Headers> = seldom(
  fc.oneof(fc.constantFrom(...IDEMPOTENCY_KEYS), fc.uuid()),
  4,
).map((key) => named('idempotency-key', key));

export const badHeaders: fc.Arbitrary<Headers> = fc
  .tuple(
    seldom(fc.constantFrom(...ACCEPTED), 3),
    seldom(fc.constantFrom(...IDEMPOTENCY_KEYS, ...NO_IDEMPOTENCY_KEYS), 3),
    seldom(fc.constantFrom(...REQUEST_IDS), 3),
    seldom(fc.constantFrom(...OTHERS), 2),
  )
  .map(([accept, key, requestId, other]) => [
    ...named('accept', accept),
    ...named('idempotency-key', key),
    ...named('x-request-id', requestId),
    ...(other === null ? [] : [other]),
  ]);
