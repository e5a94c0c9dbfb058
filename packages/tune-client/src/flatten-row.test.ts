import { expect, test } from '@jest/globals';
import { flattenRows } from './flatten-row.js';

test('models and fields become names, whatever they are named like', () => {
  const sent = JSON.parse(
    '{"Stat":{"ad_id":"1","payout":2.5,"none":null},"__proto__":"p","constructor":{"name":"n"},"Empty":[],"Flag":true}',
  ) as unknown;
  expect(flattenRows([sent]).map((row) => Object.entries(row))).toEqual([
    [
      ['Stat.ad_id', '1'],
      ['Stat.payout', '2.5'],
      ['Stat.none', null],
      ['__proto__', 'p'],
      ['constructor.name', 'n'],
      ['Flag', '1'],
    ],
  ]);
});

test('what is no row is kept as one', () => {
  expect(flattenRows(['text', null, [1]]).map((row) => ({ ...row }))).toEqual([
    { row: 'text' },
    { row: null },
    { row: '[1]' },
  ]);
});
