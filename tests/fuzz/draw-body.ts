import fc from 'fast-check';
import type { DrawnBody } from './drawn-request.js';
import type { Drawn } from './drawn-values.js';
import { hostileValue } from './hostile-values.js';
import type { Schema } from './read-operations.js';
import { spoil, spoilings } from './spoil.js';
import type { DrawSchema } from './valid-values.js';

const JSON_TYPE = 'application/json';
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
  ...[[0xff, 0xfe], [0xed, 0xa0, 0x80], [0xef, 0xbb, 0xbf, 0x7b, 0x7d], [0x22, 0xc3, 0x28, 0x22], [0]],
  ...[[0x1f, 0x8b, 8], [], [0x20]],
].map((bytes) => Uint8Array.from(bytes));
/** Just above the limit of 5 MB. */
const TOO_LARGE = new Uint8Array(5 * 1024 * 1024 + 1).fill(0x20);
const CUT_MAX = 20;

const jsonOf = (content: DrawnBody['content'], more: Partial<DrawnBody> = {}): DrawnBody => ({
  ...{ type: JSON_TYPE, content, as: 'json', cut: 0 },
  ...more,
});

/** A body as the document wants it; none where it describes none. */
export function goodBody(draw: DrawSchema, schema: Schema | null): fc.Arbitrary<DrawnBody | null> {
  return schema === null ? fc.constant(null) : draw(schema).map((content) => jsonOf(content));
}

/** A body with something wrong: a value in it, all of it, its form, its type, its length. */
export function badBody(draw: DrawSchema, schema: Schema | null): fc.Arbitrary<DrawnBody | null> {
  const good = schema === null ? fc.constant<Drawn>({}) : draw(schema);
  const cut = fc.integer({ min: 1, max: CUT_MAX });
  return fc.oneof(
    {
      arbitrary: fc.tuple(good, spoilings).map(([content, changes]) => jsonOf(spoil(content, changes))),
      weight: schema === null ? 1 : 120,
    },
    { arbitrary: hostileValue.map((content) => jsonOf(content)), weight: 15 },
    { arbitrary: fc.tuple(good, cut).map(([content, characters]) => jsonOf(content, { cut: characters })), weight: 10 },
    {
      arbitrary: fc.tuple(good, fc.constantFrom(...OTHER_TYPES)).map(([content, type]) => jsonOf(content, { type })),
      weight: 10,
    },
    {
      arbitrary: fc
        .tuple(fc.constantFrom(...BYTES), fc.constantFrom(JSON_TYPE, null))
        .map(([content, type]) => jsonOf(content, { type })),
      weight: 10,
    },
    { arbitrary: fc.constant(null), weight: 10 },
    { arbitrary: fc.constant(jsonOf(TOO_LARGE)), weight: 1 },
  );
}
