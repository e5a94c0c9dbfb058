import { expect, test } from '@jest/globals';
import { createRowMask } from './mask-row.js';

const TOKEN = 'NETa/b&c d"e';

test('the token goes out of a row in any spelling, as a value, within one and as a name', () => {
  const mask = createRowMask(TOKEN);
  const row = mask({
    'Stat.source': TOKEN,
    'Stat.affiliate_info1': `before ${encodeURIComponent(TOKEN)} after`,
    'Stat.affiliate_info2': JSON.stringify({ deep: TOKEN }).replaceAll('/', '\\/'),
    row: 'https://x/?NetworkToken=NETother&page=2',
    [`Odd.${TOKEN}`]: '1',
    'request.NetworkToken': 'NETthird',
  });
  const text = JSON.stringify(row);
  for (const secret of ['NETa', 'NETother', 'NETthird']) expect(text).not.toContain(secret);
  expect(row['Stat.affiliate_info1']).toBe('before *** after');
  expect(row['row']).toBe('https://x/?NetworkToken=***&page=2');
});

test('everything else stays as it was sent', () => {
  const row = {
    'Stat.payout': ' 1.234567 ',
    'Stat.source': null,
    'Stat.affiliate_info1': '<b>\u0001</b> the token is good',
  };
  expect(createRowMask(TOKEN)(row)).toEqual(row);
  expect(createRowMask('')(row)).toEqual(row);
});
