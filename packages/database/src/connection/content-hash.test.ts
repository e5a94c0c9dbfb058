import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { contentHash } from './content-hash.js';

describe('the hash of what a value says', () => {
  // Rows are compared by stored hashes: another hash for the same value would write every row of every network again.
  test.each<[unknown, string]>([
    [
      { b: 1, a: 'x', c: null, d: undefined, e: [1, 'two', null, { z: true, y: false }] },
      'fbd8b68cc64bee788d7675efa736137a',
    ],
    [
      { tune_event_id: 'ev-1', payout: '1.50000', ids: { aff_sub: 'Msg00001', source: null }, is_adjustment: false },
      '7c04323d20f41988a02d3b1fc7be7fa5',
    ],
    [
      { 'key "quoted"': 'line\nbreak \u2028 é 😀 \u0001', __proto__x: '\\', '10': 'ten', '9': 'nine' },
      'c29696707857846211cc4e5c0ddb661e',
    ],
    [{ default_payout_e5: '125000', percent_payout_e5: null }, '5ce1832650ccebe6712be8a05bb11aba'],
    [['record', 'approved'], '64747618aee1cb3573fefcf9b638c03f'],
    ['text', '1e1d0f251d3a76fa2b1bfc8116407857'],
    [null, '74234e98afe7498fb5daf1f36ac2d78a'],
    [1e21, '241c4643fa70b1dcde1205b71be4e3be'],
    [
      { big: Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`k${(i * 7919) % 300}`, i])) },
      'f50b392b815c465e095e8ef46976b802',
    ],
    [{ lone: '\ud800' }, 'dfde59801b80547e9ca56bd2fa7199b7'],
  ])('of %j never changes', (value, hash) => {
    expect(contentHash(value)).toBe(hash);
  });

  test('does not depend on the order of keys, and says the same as the value read back from JSON', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 })), (value) => {
        const turned = Object.fromEntries(Object.entries(value).reverse());
        expect(contentHash(turned)).toBe(contentHash(value));
        expect(contentHash(JSON.parse(JSON.stringify(value)))).toBe(contentHash(value));
      }),
    );
  });

  test.each([[1n], [{ amount: 1n }], [() => 1]])('refuses what is no JSON', (value) => {
    expect(() => contentHash(value)).toThrow('can not safely be stringified');
  });
});
