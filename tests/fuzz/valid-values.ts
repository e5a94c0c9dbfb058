import fc from 'fast-check';
import { drawLeftOut, isAlternative } from './alternatives.js';
import { Known, TWISTS, type Drawn, type KnownKind } from './drawn-values.js';
import { seldom } from './seldom.js';
import { resolveSchema, type OpenApiDocument, type Schema } from './read-operations.js';

const INDEX_MAX = 1_000;
const ITEMS_MAX = 4;
const TEXT_MAX = 40;
const TWISTED = Object.keys(TWISTS).filter((twist) => twist !== 'none') as (keyof typeof TWISTS)[];

/** One of the things that exist, now and then tampered with. */
export function known(kind: KnownKind): fc.Arbitrary<Known> {
  return fc
    .tuple(fc.nat(INDEX_MAX), seldom(fc.constantFrom(...TWISTED), 15))
    .map(([index, twist]) => new Known(kind, index, twist ?? 'none'));
}

const DAY_MS = 86_400_000;
const isoDay = (daysAgo: number): string => new Date(Date.now() - daysAgo * DAY_MS).toISOString().slice(0, 10);
/** Mostly days on which something happened. */
const day = fc.oneof(
  { arbitrary: fc.integer({ min: -1, max: 12 }).map(isoDay), weight: 4 },
  { arbitrary: fc.integer({ min: -800, max: 4_000 }).map(isoDay), weight: 1 },
  { arbitrary: fc.constantFrom('0001-01-01', '9999-12-31', '2024-02-29', '2024-03-10', '2024-11-03'), weight: 1 },
);
const moment = fc.oneof(
  {
    arbitrary: fc
      .integer({ min: -60, max: 30 * 86_400 })
      .map((ago) => new Date(Date.now() - ago * 1_000).toISOString()),
    weight: 4,
  },
  {
    arbitrary: fc.constantFrom('0001-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z', '2024-02-29T12:00:00+05:30'),
    weight: 1,
  },
);
const amount = fc.constantFrom('0', '0.00000', '12.5', '12.50000', '999999999999.99999', '0.00001', '-3');
const currency = fc.constantFrom('USD', 'EUR', 'CZK', 'INR', 'JPY', 'KWD');
const group = fc.constantFrom('message', 'creative', 'offer', 'campaign', 'day', 'integration');

/** What fields and parameters of these names really hold; the schema knows their form, not their meaning. */
const NAMED: Readonly<Record<string, fc.Arbitrary<Drawn>>> = {
  account_id: known('account'),
  integration_id: known('integration'),
  offer_id: known('offer'),
  conversion_id: known('conversion'),
  run_id: known('run'),
  message_id: known('message'),
  click_id: fc.oneof(known('click'), fc.uuid()),
  external_id: known('externalOffer'),
  external_ids: fc.array(known('externalOffer'), { minLength: 1, maxLength: ITEMS_MAX }),
  external_offer_id: known('externalOffer'),
  network_id: known('network'),
  network_token: known('token'),
  affiliate_id: fc.constantFrom('1001', '1002', '1003', '9223372036854775807'),
  base_url: fc.constantFrom('https://track.example', 'http://track.example:8080', 'https://bücher.example'),
  tracking_url: fc.constantFrom(
    'https://track.example/c?offer_id=7&aff_id=1002',
    'https://t.example/{offer_id}?a=%20#f',
  ),
  time_zone: fc.constantFrom('America/New_York', 'Europe/Prague', 'Asia/Kolkata', 'UTC', 'EST5EDT', 'Pacific/Apia'),
  default_currency: currency,
  currency,
  payout: amount,
  payout_percent: amount,
  after: fc.oneof(known('cursor'), fc.nat(5_000).map(String), known('conversion')),
  as_of: fc.oneof(moment, fc.nat(5_000).map(String)),
  from: fc.oneof({ arbitrary: fc.integer({ min: 3, max: 12 }).map(isoDay), weight: 4 }, { arbitrary: day, weight: 1 }),
  to: fc.oneof({ arbitrary: fc.integer({ min: 0, max: 2 }).map(isoDay), weight: 4 }, { arbitrary: day, weight: 1 }),
  group_by: fc.oneof(
    group,
    fc.tuple(group, group).map((both) => both.join(',')),
  ),
  search: fc.constantFrom('tea', 'T', '%', '_'),
};

/** Draws values for a schema; the name of the field or parameter says what it means. */
export type DrawSchema = (schema: Schema, name?: string) => fc.Arbitrary<Drawn>;

/** Values as the schema of a document wants them, with things that exist where the name says so. */
export function drawFrom(document: OpenApiDocument): DrawSchema {
  function text({ format, pattern, minLength = 0, maxLength = TEXT_MAX }: Schema): fc.Arbitrary<Drawn> {
    if (format === 'date') return day;
    if (format === 'date-time') return moment;
    if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern), { size: 'small' });
    return fc.string({ minLength, maxLength: Math.max(minLength, Math.min(maxLength, TEXT_MAX)), unit: 'grapheme' });
  }

  function fields({
    properties = {},
    required = [],
    additionalProperties,
    propertyNames,
  }: Schema): fc.Arbitrary<Drawn> {
    const drawn = Object.entries(properties).map(([name, inner]) => [name, draw(inner, name)] as const);
    const described = drawLeftOut(Object.keys(properties), required).chain((leftOut) => {
      // Of what is an alternative and not left out, one is wanted.
      const wanted = drawn.filter(([name]) => !leftOut.includes(name));
      const needed = leftOut.length > 0 ? wanted.filter(([name]) => isAlternative(name)).map(([name]) => name) : [];
      return fc.record(Object.fromEntries(wanted), { requiredKeys: [...required, ...needed] });
    });
    if (typeof additionalProperties !== 'object' || Object.keys(additionalProperties).length === 0) return described;
    const names = propertyNames === undefined ? fc.string({ minLength: 1 }) : draw(propertyNames).map(String);
    const more = fc.dictionary(names, draw(additionalProperties), { maxKeys: ITEMS_MAX });
    return fc.tuple(described, more).map(([one, other]): Drawn => ({ ...one, ...other }));
  }

  function draw(given: Schema, name = ''): fc.Arbitrary<Drawn> {
    const schema = resolveSchema(document, given);
    const { anyOf, oneOf, allOf, type } = schema;
    if (schema.enum !== undefined) return fc.constantFrom(...(schema.enum as Drawn[]));
    if (schema.const !== undefined) return fc.constant(schema.const as Drawn);
    const named = Object.hasOwn(NAMED, name) ? NAMED[name] : undefined;
    const either =
      anyOf ?? oneOf ?? (Array.isArray(type) ? type.map((one: string) => ({ ...schema, type: one })) : undefined);
    if (either !== undefined) return fc.oneof(...either.map((one) => draw(one, name)));
    if (allOf !== undefined) {
      return fc.tuple(...allOf.map((one) => draw(one, name))).map((all) => Object.assign({}, ...all) as Drawn);
    }
    if (type === 'null') return fc.constant(null);
    if (named !== undefined) return named;
    switch (type) {
      case 'boolean':
        return fc.boolean();
      case 'integer': {
        const { minimum: min = 0, maximum: max = 1_000_000 } = schema;
        return fc.oneof(fc.integer({ min, max: Math.min(max, 2 ** 31 - 1) }), fc.constantFrom(min, max));
      }
      case 'number':
        return fc.double({ min: schema.minimum ?? 0, max: schema.maximum ?? 1_000_000, noNaN: true });
      case 'array':
        return fc.array(draw(schema.items ?? {}), {
          minLength: schema.minItems ?? 0,
          maxLength: Math.max(schema.minItems ?? 0, ITEMS_MAX),
        });
      case 'object':
        return fields(schema);
      default:
        return text(schema);
    }
  }
  return draw;
}
