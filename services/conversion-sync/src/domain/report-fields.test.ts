import { expect, test } from '@jest/globals';
import { reportFields } from './report-fields.js';

const settings = { messageIdField: 'aff_sub2', clickIdField: 'affiliate_click_id' } as const;

test('money, time and the configured ids are required; what is refused is not asked for again', () => {
  const { required, optional } = reportFields(settings, {
    severalCurrencies: false,
    refusedFields: ['Stat.goal_id', 'Stat.source'],
  });
  expect(required).toEqual(
    expect.arrayContaining([
      'Stat.payout',
      'Stat.datetime',
      'Stat.affiliate_info2',
      'ConversionsMobile.affiliate_click_id',
    ]),
  );
  expect(optional).toEqual(expect.arrayContaining(['Stat.currency', 'Stat.affiliate_info1', 'Stat.status_code']));
  for (const field of ['Stat.goal_id', 'Stat.source']) expect(optional).not.toContain(field);
  expect(new Set([...required, ...optional]).size).toBe(required.length + optional.length);
});

test('where several currencies run, the currency is required', () => {
  const { required, optional } = reportFields(settings, { severalCurrencies: true, refusedFields: [] });
  expect(required).toContain('Stat.currency');
  expect(optional).not.toContain('Stat.currency');
});

test('the network’s own revenue and personal data are never asked for', () => {
  const { required, optional } = reportFields(settings, { severalCurrencies: true, refusedFields: [] });
  expect([...required, ...optional].filter((field) => /revenue|\bip\b|email|phone/i.test(field))).toEqual([]);
});
