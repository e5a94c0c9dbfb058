import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseAmountE5 } from './money.js';
import { readRowMoney, type MoneyContext } from './read-row-money.js';
import type { ReportRow } from './report-row.js';

const CONTEXT: MoneyContext = { defaultCurrency: 'USD', severalCurrencies: false };

const read = (
  row: ReportRow,
  context: Partial<MoneyContext> = {},
  status: 'approved' | 'pending' | 'rejected' = 'approved',
) => readRowMoney(row, status, { ...CONTEXT, ...context });
const booked = (payout: string | null, currency: string, column = `payout@${currency}`) => ({
  payout,
  currency,
  payout_column: column,
});

describe('the currency of an amount', () => {
  test('a column that is zero says nothing where the row does not name its currency', () => {
    const columns = { 'Stat.payout@EUR': '10.00000', 'Stat.payout@USD': '0.00000' };
    for (const currency of [null, '', ' \r\n']) {
      expect(read({ 'Stat.currency': currency, 'Stat.payout': '11.20000', ...columns })).toEqual(
        booked('10.00000', 'EUR'),
      );
    }
    expect(read({ 'Stat.payout@EUR': '-1', 'Stat.payout@USD': '0', 'Stat.payout@GBP': '' })).toEqual(
      booked('-1', 'EUR'),
    );
  });

  test("all zero is zero in the network's own currency", () => {
    expect(read({ 'Stat.payout@EUR': '0.00000', 'Stat.payout@USD': '0.0' })).toEqual(booked('0.0', 'USD'));
    expect(read({ 'Stat.payout': '0.00000', 'Stat.payout@EUR': '0' })).toEqual(booked('0', 'USD', 'payout@EUR'));
    expect(read({ 'Stat.payout': '0.00000', 'Stat.payout@EUR': '' })).toEqual(booked('0.00000', 'USD', 'payout'));
  });

  test('several that are not zero are nobody knows what', () => {
    const row = { 'Stat.payout@EUR': '10.00000', 'Stat.payout@USD': '11.20000' };
    expect(read(row)).toEqual({ reason: 'currency_ambiguous', field: 'Stat.currency', value: null });
    expect(read({ ...row, 'Stat.currency': 'EUR' })).toEqual(booked('10.00000', 'EUR'));
    expect(read({ ...row, 'Stat.payout@EUR': 'abc' })).toMatchObject({ reason: 'currency_ambiguous' });
  });

  test.each(['eur', ' EUR', 'Eur\r\n'])('%j is EUR, and so is its column', (currency) => {
    expect(read({ 'Stat.currency': currency, 'Stat.payout@eur': '2' })).toEqual(booked('2', 'EUR', 'payout@eur'));
  });

  test('one that does not exist is unreadable, stated or as the name of the only column', () => {
    expect(read({ 'Stat.currency': 'XXQ', 'Stat.payout': '1' })).toEqual({
      reason: 'currency_unreadable',
      field: 'Stat.currency',
      value: 'XXQ',
    });
    expect(read({ 'Stat.payout': '1' }, { defaultCurrency: 'XXQ' })).toMatchObject({ reason: 'currency_unreadable' });
    expect(read({ 'Stat.payout@XXQ': '1' })).toMatchObject({ reason: 'currency_unreadable', field: 'Stat.payout@XXQ' });
  });

  test('an estimate in another currency is never booked', () => {
    const missing = { reason: 'currency_amount_missing', field: 'Stat.payout@EUR', value: null };
    const row = { 'Stat.currency': 'EUR', 'Stat.payout': '11.20000' };
    expect(read(row, { severalCurrencies: true })).toEqual(missing);
    expect(read({ ...row, 'Stat.payout@GBP': '0.00000' })).toEqual(missing);
    expect(read({ ...row, 'Stat.payout@EUR': '' })).toEqual({ ...missing, value: '' });
    expect(read({ ...row, 'Stat.currency': 'USD', 'Stat.payout@EUR': '10' })).toEqual({
      ...missing,
      field: 'Stat.payout@USD',
    });
    expect(read(row)).toEqual(booked('11.20000', 'EUR', 'payout'));
  });
});

describe('an amount', () => {
  test.each([
    ['999999999999.99999', null],
    ['-999999999999.99999', null],
    ['1000000000000', 'payout_too_large'],
    ['-1000000000000.00000', 'payout_too_large'],
    ['9999999999999.00000', 'payout_too_large'],
    ['1.000001', 'payout_unreadable'],
    ['1e3', 'payout_unreadable'],
  ])('of %s: %s', (payout, reason) => {
    const plain = read({ 'Stat.payout': payout });
    const own = read({ 'Stat.currency': 'EUR', 'Stat.payout@EUR': payout });
    if (reason === null) expect([plain, own]).toEqual([booked(payout, 'USD', 'payout'), booked(payout, 'EUR')]);
    else {
      expect(plain).toEqual({ reason, field: 'Stat.payout', value: payout });
      expect(own).toEqual({ reason, field: 'Stat.payout@EUR', value: payout });
    }
  });

  test('zeros at its end are no digits, and make it no other amount', () => {
    expect(read({ 'Stat.payout': '1.234560' })).toEqual(booked('1.23456', 'USD', 'payout'));
  });

  test.each([null, '', ' \r\n', undefined])('of %j is none, which only a rejected conversion may have', (empty) => {
    const row: ReportRow = empty === undefined ? {} : { 'Stat.payout': empty };
    expect(read(row)).toMatchObject({ reason: 'payout_missing', field: 'Stat.payout' });
    expect(read(row, {}, 'pending')).toMatchObject({ reason: 'payout_missing' });
    expect(read(row, {}, 'rejected')).toEqual(booked(null, 'USD', 'payout'));
    const several = { severalCurrencies: true };
    expect(read({ ...row, 'Stat.currency': 'EUR', 'Stat.payout@EUR': '' }, several, 'rejected')).toEqual(
      booked(null, 'EUR'),
    );
    expect(read({ ...row, 'Stat.currency': 'EUR' }, several)).toMatchObject({ reason: 'currency_amount_missing' });
  });

  test('that is there and cannot be read is unreadable, rejected or not', () => {
    expect(read({ 'Stat.payout': 'abc' }, {}, 'rejected')).toMatchObject({ reason: 'payout_unreadable' });
  });
});

test('whatever a row says, what is booked stands in it: in its own column, or plain in the currency of the network', () => {
  const text = fc.oneof(
    fc.constantFrom('', '0', '0.00000', 'abc', '1000000000000'),
    fc.integer({ min: -9_999, max: 9_999 }).map((units) => (units / 100).toFixed(5)),
  );
  const rows = fc.record(
    {
      'Stat.currency': fc.constantFrom(null, '', 'USD', 'EUR', 'eur ', 'XXQ', 'GBP'),
      'Stat.payout': fc.option(text),
      'Stat.payout@USD': fc.option(text),
      'Stat.payout@EUR': fc.option(text),
      'Stat.payout@XXQ': fc.option(text),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(rows, fc.boolean(), (given, severalCurrencies) => {
      const row = given as ReportRow;
      const money = read(row, { severalCurrencies });
      if ('reason' in money) return;
      const { payout, currency, payout_column: column } = money;
      expect(payout).toBe(row[`Stat.${column}`]);
      const amount = parseAmountE5(payout ?? '');
      expect(['USD', 'EUR', 'GBP']).toContain(currency);
      if (column === 'payout') expect(severalCurrencies && currency !== 'USD').toBe(false);
      else if (amount !== 0n) expect(column).toBe(`payout@${currency}`);
      const stated = row['Stat.currency']?.trim().toUpperCase() ?? '';
      if (stated !== '') expect(currency).toBe(stated);
    }),
    { numRuns: 2_000 },
  );
});
