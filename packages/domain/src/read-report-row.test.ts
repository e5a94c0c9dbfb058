import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readReportRow, type ReadContext } from './read-report-row.js';
import type { ReportRow } from './report-row.js';

const CONTEXT: ReadContext = { affiliateId: '3', defaultCurrency: 'USD', severalCurrencies: false };
const ROW: ReportRow = {
  'Stat.tune_event_id': 'ev-1',
  'Stat.ad_id': '102df73d132745e59cd739d17c92df',
  'Stat.offer_id': '7',
  'Stat.goal_id': '0',
  'Stat.affiliate_id': '3',
  'Stat.datetime': '2026-05-02 10:43:11',
  'Stat.status': 'approved',
  'Stat.status_code': '43',
  'Stat.payout': '12.50000',
  'Stat.is_adjustment': '0',
  'Stat.affiliate_info1': 'AbCd1234',
  'Stat.source': '',
};

function read(changes: ReportRow, context: Partial<ReadContext> = {}) {
  return readReportRow({ ...ROW, ...changes }, { ...CONTEXT, ...context });
}

describe('a row of the conversion report', () => {
  test('is read with its ids, an empty one being none and an unread one absent', () => {
    expect(read({})).toEqual({
      kind: 'facts',
      facts: {
        tune_event_id: 'ev-1',
        ad_id: '102df73d132745e59cd739d17c92df',
        offer_id: '7',
        goal_id: '0',
        affiliate_id: '3',
        local_time: '2026-05-02 10:43:11',
        status: 'approved',
        status_code: '43',
        payout: '12.50000',
        currency: 'USD',
        payout_column: 'payout',
        is_adjustment: false,
        ids: { aff_sub: 'AbCd1234', source: null },
      },
    });
  });

  test.each<[string, ReportRow, Partial<ReadContext>, string]>([
    ['no event id', { 'Stat.tune_event_id': '' }, {}, 'event_id_missing'],
    ['no affiliate', { 'Stat.affiliate_id': null }, {}, 'affiliate_missing'],
    ['no offer', { 'Stat.offer_id': '0' }, {}, 'offer_missing'],
    ['a zero date', { 'Stat.datetime': '0000-00-00 00:00:00' }, {}, 'time_unreadable'],
    ['an unknown status', { 'Stat.status': 'maybe' }, {}, 'status_unknown'],
    ['no payout', { 'Stat.payout': null }, {}, 'payout_missing'],
    ['six decimals', { 'Stat.payout': '1.000001' }, {}, 'payout_unreadable'],
    ['an amount of 10^12', { 'Stat.payout': '1000000000000' }, {}, 'payout_too_large'],
    ['a strange currency', { 'Stat.currency': 'EURO' }, {}, 'currency_unreadable'],
    ['a currency that does not exist', { 'Stat.currency': 'XXQ' }, {}, 'currency_unreadable'],
    ['a word that is neither yes nor no', { 'Stat.is_adjustment': 'perhaps' }, {}, 'adjustment_unreadable'],
    ['the last day of 9999', { 'Stat.datetime': '9999-12-31 23:59:59' }, {}, 'time_unreadable'],
    ['no true amount', { 'Stat.currency': 'EUR' }, { severalCurrencies: true }, 'currency_amount_missing'],
    [
      'the amount of another currency only',
      { 'Stat.currency': 'EUR', 'Stat.payout@GBP': '9.00000' },
      {},
      'currency_amount_missing',
    ],
  ])('with %s is kept aside', (_title, changes, context, reason) => {
    expect(read(changes, context)).toMatchObject({ kind: 'unreadable', reason });
  });

  test('that is kept aside says which field it was and what stood there', () => {
    expect(read({ 'Stat.payout': 'abc' })).toMatchObject({ field: 'Stat.payout', value: 'abc' });
    expect(read({ 'Stat.payout@EUR': 'abc' })).toMatchObject({ field: 'Stat.payout@EUR', value: 'abc' });
    expect(read({ 'Stat.offer_id': undefined as never })).toMatchObject({ field: 'Stat.offer_id', value: null });
    expect(read({ 'Stat.ad_id': 'x'.repeat(501) })).toMatchObject({ reason: 'value_too_long', field: 'Stat.ad_id' });
  });

  test('that was rejected is worth nothing, also without an amount', () => {
    expect(read({ 'Stat.status': 'rejected', 'Stat.payout': '' })).toMatchObject({
      kind: 'facts',
      facts: { status: 'rejected', payout: null, currency: 'USD' },
    });
  });

  test.each([
    ['false', false],
    ['FALSE ', false],
    ['0', false],
    ['', false],
    [null, false],
    ['true', true],
    ['1', true],
    ['Yes', true],
  ])('is an adjustment by %j: %s', (text, is_adjustment) => {
    expect(read({ 'Stat.is_adjustment': text })).toMatchObject({ facts: { is_adjustment } });
  });

  test('says the same whatever blanks and line ends stand around its values', () => {
    const blank = fc.constantFrom('', ' ', '\t', '\r\n', '\u00A0', '\uFEFF');
    const row: ReportRow = {
      ...ROW,
      'ConversionsMobile.affiliate_click_id': 'c-1',
      'Stat.source': '',
      'Stat.currency': 'USD',
    };
    const padded = fc.tuple(...Object.keys(row).map(() => fc.tuple(blank, blank)));
    fc.assert(
      fc.property(padded, (pads) => {
        const around = Object.entries(row).map(([field, value], at) => [
          field,
          `${pads[at]?.[0] ?? ''}${value ?? ''}${pads[at]?.[1] ?? ''}`,
        ]);
        expect(readReportRow(Object.fromEntries(around) as ReportRow, CONTEXT)).toEqual(readReportRow(row, CONTEXT));
      }),
    );
  });

  test('of another affiliate is foreign', () => {
    expect(read({ 'Stat.affiliate_id': '4' })).toEqual({ kind: 'foreign', affiliateId: '4' });
  });

  test.each<[string, ReportRow, Partial<ReadContext>, [string, string, string]]>([
    ['one currency, named', { 'Stat.currency': 'CZK' }, {}, ['12.50000', 'CZK', 'payout']],
    ['one currency, not named', { 'Stat.currency': '' }, {}, ['12.50000', 'USD', 'payout']],
    [
      'several: the true amount is in its own column',
      { 'Stat.currency': 'EUR', 'Stat.payout@EUR': '11.00000', 'Stat.payout@GBP': '' },
      { severalCurrencies: true },
      ['11.00000', 'EUR', 'payout@EUR'],
    ],
    [
      'several: the only filled column names the currency',
      { 'Stat.payout@EUR': '11.00000', 'Stat.payout@GBP': null },
      { severalCurrencies: true },
      ['11.00000', 'EUR', 'payout@EUR'],
    ],
    [
      "several: plain payout is exact in the network's own currency",
      { 'Stat.currency': 'USD', 'Stat.payout@EUR': '' },
      { severalCurrencies: true },
      ['12.50000', 'USD', 'payout'],
    ],
  ])('amounts – %s', (_title, changes, context, [payout, currency, payout_column]) => {
    expect(read(changes, context)).toMatchObject({ kind: 'facts', facts: { payout, currency, payout_column } });
  });
});
