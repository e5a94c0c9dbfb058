import fc from 'fast-check';
import { Verbatim, type Drawn } from './drawn-values.js';

const LONG = 10_000;
const DEEP = 5_000;

/** Texts that have broken programs before: bytes, numbers, times, names of prototypes, parts of other languages. */
const TEXTS: readonly string[] = [
  ...[
    '',
    ' ',
    '\t',
    '\n',
    '\r\n',
    '\u0000',
    'a\u0000b',
    '\u001b[31m',
    '\u007f',
    '\u0085',
    '\u2028',
    '\ufeff',
    '\uffff',
  ],
  ...['\ud800', '\udfff', 'a\ud83d', '\udc00\ud800', '\u202eabc', 'e\u0301', 'İ', 'ß', '٣', '１２', '💩', '\u{10ffff}'],
  ...['x'.repeat(LONG), '💩'.repeat(LONG / 4), '9'.repeat(400), `1${'0'.repeat(LONG)}`, '%'.repeat(500)],
  ...['-1', '0', '-0', '+1', '01', '1.', '.5', '1e3', '1E+2', '1e309', '-1e309', '1e-400', '0x10', '1_000', '1,5', '١'],
  ...[
    '9007199254740993',
    '9223372036854775807',
    '9223372036854775808',
    '-9223372036854775809',
    '4294967296',
    '2147483648',
  ],
  ...[
    '0.00001',
    '0.000001',
    '999999999999.99999',
    '1000000000000',
    '-999999999999.99999',
    '12.5 USD',
    '$1',
    '{payout}',
  ],
  ...[
    'NaN',
    'Infinity',
    '-Infinity',
    'infinity',
    '+infinity',
    '-infinity',
    'null',
    'undefined',
    'true',
    'false',
    'None',
  ],
  ...['0000-00-00', '0000-01-01', '0001-01-01', '-0001-01-01', '+010000-01-01', '4713-01-01 BC', '5874897-12-31'],
  ...[
    '9999-12-31',
    '10000-01-01',
    '294276-12-31',
    '294277-01-01',
    '1970-01-01',
    '2024-02-30',
    '2023-02-29',
    '2024-2-9',
  ],
  ...['0000-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z', '+275760-09-13T00:00:00Z', '2024-01-01T24:00:00Z'],
  ...['2024-12-31T23:59:60Z', '2024-01-01T00:00:00+99:99', '2024-01-01T00:00:00.123456789Z', '2024-01-01T00:00:00'],
  ...['epoch', 'now', 'today', 'tomorrow', 'allballs', 'now()', 'P1D'],
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf', 'then', 'toJSON', 'length'],
  ...[
    "'",
    "' OR 1=1 --",
    '"; DROP TABLE offers; --',
    '\\',
    '\\u0000',
    '%00',
    '%',
    '%%',
    '_',
    '$1',
    ':id',
    '*',
    '?',
    '#',
  ],
  ...[
    '../../etc/passwd',
    '..',
    '.',
    '/',
    '//',
    'file:///etc/passwd',
    'javascript:alert(1)',
    '<script>alert(1)</script>',
  ],
  ...[
    '{{messageId}}',
    '{{',
    '}}',
    '{{{{clickId}}}}',
    '{affiliate_id}',
    '${7*7}',
    '<%= 1 %>',
    '{}',
    '[]',
    '[object Object]',
  ],
  ...['http://', 'http:///', 'https://user:pass@host.example/', 'http://[::1', 'http://a b', 'https://%00.example'],
  ...['int_0', 'int_01', 'int_-1', 'int_9223372036854775807', 'int_9223372036854775808', 'INT_9', 'ofr_', 'run_1e3'],
  ...[
    'cnv_99999999999999999999',
    'txn_ 1',
    'int_999999\u0000',
    'America/New_York\u0000',
    '../UTC',
    'Etc/GMT+99',
    'USDX',
    'usd',
  ],
];

export const hostileText: fc.Arbitrary<string> = fc.oneof(
  { arbitrary: fc.constantFrom(...TEXTS), weight: 6 },
  { arbitrary: fc.string({ unit: 'binary', maxLength: 40 }), weight: 1 },
  { arbitrary: fc.string({ unit: 'grapheme', maxLength: 20 }), weight: 1 },
);

/** Names of fields and parameters. */
export const hostileName: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', '', 'id', 'created_at', 'deleted_at', 'toJSON'),
  hostileText,
);

const VERBATIM = [
  ...['1e309', '-1e309', '1e-400', '1E+2', '-0', '0.1e-7', '123456789012345678901234567890', '9223372036854775808'],
  ...[`1${'0'.repeat(LONG)}`, `0.${'3'.repeat(LONG)}`, '{"a":1,"a":2}', '{"__proto__":{"isAdmin":true}}'],
  ...['{"constructor":{"prototype":{"x":1}}}', '"\\u0000"', '"\\ud800"', '"\\uDFFF\\uD800"'],
  ...['['.repeat(DEEP) + ']'.repeat(DEEP), '{"a":'.repeat(DEEP) + '1' + '}'.repeat(DEEP)],
  // No JSON at all.
  ...['NaN', 'undefined', '01', '+1', "'a'", '{a:1}', '[1,]', '"\u0000"', '"\\x"', '', '}', '/* */1', '['.repeat(DEEP)],
].map((text) => new Verbatim(text));

const LARGE_BATCH = Array.from({ length: 1_001 }, () => ({}));

/** Any value in the place of another: of another type, out of all bounds, or not even JSON. */
export const hostileValue: fc.Arbitrary<Drawn> = fc.oneof(
  { arbitrary: hostileText, weight: 5 },
  {
    arbitrary: fc.constantFrom<Drawn>(null, true, false, 0, -0, -1, 1.5, 1e308, 5e-324, 2 ** 53, -(2 ** 63)),
    weight: 3,
  },
  { arbitrary: fc.constantFrom<Drawn>(...VERBATIM), weight: 2 },
  { arbitrary: fc.constantFrom<Drawn>([], {}, [[]], [null], [''], [{}], { length: 1 }, LARGE_BATCH), weight: 1 },
  { arbitrary: fc.array(hostileText, { maxLength: 3 }), weight: 1 },
  { arbitrary: fc.dictionary(hostileName, hostileText, { maxKeys: 3 }), weight: 1 },
);
