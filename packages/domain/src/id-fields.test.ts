import { expect, test } from '@jest/globals';
import { ID_FIELDS, linkParameterOf, reportFieldOf } from './id-fields.js';

test('each field has a report field and a link parameter of its own', () => {
  expect(new Set(ID_FIELDS.map(reportFieldOf)).size).toBe(ID_FIELDS.length);
  expect(new Set(ID_FIELDS.map(linkParameterOf)).size).toBe(ID_FIELDS.length);
  const some = ['aff_sub', 'aff_sub5', 'affiliate_unique2', 'affiliate_click_id', 'source'] as const;
  expect(some.map((field) => [reportFieldOf(field), linkParameterOf(field)])).toEqual([
    ['Stat.affiliate_info1', 'aff_sub'],
    ['Stat.affiliate_info5', 'aff_sub5'],
    ['ConversionsMobile.affiliate_unique2', 'aff_unique2'],
    ['ConversionsMobile.affiliate_click_id', 'aff_click_id'],
    ['Stat.source', 'source'],
  ]);
});
