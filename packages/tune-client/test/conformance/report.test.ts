import { afterEach, describe, expect, test } from '@jest/globals';
import {
  addDays,
  earliestDay,
  parseAmountE5,
  readReportRow,
  type ReadContext,
  type ReportRow,
} from '@trackly-tune/domain';
import type { NetworkSpec } from '@trackly-tune/tune-simulator';
import { failureOf, NOW, openConformanceWorld, QUERY, type ConformanceWorld } from './conformance-world.js';

const worlds: ConformanceWorld[] = [];
async function open(spec: Partial<NetworkSpec> = {}): Promise<ConformanceWorld> {
  const world = await openConformanceWorld(spec);
  worlds.push(world);
  return world;
}
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
});
const OURS: ReadContext = { affiliateId: '1002', defaultCurrency: 'USD', severalCurrencies: false };
const DAYS = { from: '2026-05-02', to: '2026-05-06' };
const column = (rows: readonly ReportRow[], field: string) => rows.map((row) => row[field]);
/** The parameters of a call that lists something. */
interface Asked {
  readonly fields: readonly string[];
  readonly filters: Readonly<Record<string, object>>;
  readonly sort: Readonly<Record<string, string>>;
}
const asked = (world: ConformanceWorld, index = 0) => world.sent[index]?.params as unknown as Asked;

describe('what is asked of a report', () => {
  test('quirk 17: report fields are qualified by their model, the fields of models are not', async () => {
    const world = await open();
    await world.client.getConversions(QUERY);
    await world.client.listOffers({ page: 1, limit: 10 });
    const [report, models] = [asked(world, 0), asked(world, 1)];
    for (const field of [...report.fields, ...Object.keys(report.filters), ...Object.keys(report.sort)]) {
      expect(field).toMatch(/^[A-Za-z]+\.[a-z_0-9]+$/);
    }
    for (const field of Object.keys(models.sort)) expect(field).not.toContain('.');
  });

  test('quirk 18: days and filter are both sent, and either alone is enough to get the window', async () => {
    for (const spec of [{ dataRangeFilters: false }, { ignoredFilters: ['Stat.datetime'] }]) {
      const world = await open(spec);
      world.network.plantConversions({ count: 30, from: '2026-04-20', to: '2026-05-15', affiliateId: '1002' });
      const { rows } = await world.client.getConversions(QUERY);
      const inWindow = [...world.network.conversions()].filter(
        ({ datetime }) => datetime >= QUERY.fromTime && datetime <= QUERY.toTime,
      );
      expect(inWindow.length).toBeGreaterThan(0);
      expect(rows).toHaveLength(inWindow.length);
      expect(asked(world)).toMatchObject({
        data_start: '2026-05-01',
        data_end: '2026-05-08',
        filters: { 'Stat.datetime': { conditional: 'BETWEEN', values: [QUERY.fromTime, QUERY.toTime] } },
      });
    }
  });

  test('quirk 19: a forbidden field is left out when it is optional, and named when it is required', async () => {
    const world = await open({ forbiddenFields: ['ConversionsMobile.affiliate_unique1', 'Stat.source'] });
    world.network.plantConversions({ count: 4, ...DAYS });
    const page = await world.client.getConversions(QUERY);
    expect([...page.refusedFields].sort()).toEqual(['ConversionsMobile.affiliate_unique1', 'Stat.source']);
    expect(page.rows).toHaveLength(4);
    expect(page.apiCalls).toBe(world.sent.length);
    world.network.configure({ forbiddenFields: ['Stat.payout'] });
    const error = await failureOf(world.client.getConversions(QUERY));
    expect(error).toMatchObject({ code: 'required_field_forbidden', advice: 'never' });
    expect(error.message).toContain('Stat.payout');
  });

  test('quirk 20: the status is asked by its name on the network side', async () => {
    const world = await open();
    world.network.plantConversions({ count: 20, ...DAYS, shares: { pending: 0.5 } });
    const { rows } = await world.client.getConversions(QUERY);
    expect(new Set(column(rows, 'Stat.status'))).toEqual(new Set(['approved', 'pending']));
    expect(world.sent[0]?.raw).not.toContain('conversion_status');
  });

  test('quirk 26: a report whose address is too long is asked by form POST, never with JSON, and so from then on', async () => {
    const world = await open({ maxUrlLength: 400 });
    world.network.plantConversions({ count: 4, ...DAYS });
    expect((await world.client.getConversions(QUERY)).rows).toHaveLength(4);
    await world.client.getConversions(QUERY);
    expect(world.sent.map(({ method }) => method)).toEqual(['GET', 'POST', 'POST']);
    expect(world.sent[1]?.contentType).toBe('application/x-www-form-urlencoded');
    expect(world.sent[1]?.params).toEqual(world.sent[0]?.params);
  });

  test('quirk 28: no boolean is sent as a word, and no list nests as [][', async () => {
    const world = await open();
    await world.client.getConversions(QUERY);
    await world.client.listOffers({ page: 1, limit: 10 });
    await world.client.findAffiliate('1002');
    await world.client.findChangedConversions({
      kind: 'updated',
      fromDay: '2026-05-01',
      toDay: '2026-05-02',
      page: 1,
      limit: 10,
    });
    for (const { raw } of world.sent) {
      expect(decodeURIComponent(raw)).not.toContain('[][');
      expect(decodeURIComponent(raw)).not.toMatch(/=(true|false)(&|$)/);
    }
  });

  test('quirk 30: no personal data is asked for: nothing but the fields that were wanted', async () => {
    const world = await open();
    await world.client.getConversions(QUERY);
    expect(asked(world).fields).toEqual([...QUERY.fields.required, ...QUERY.fields.optional]);
    expect(world.sent[0]?.raw).not.toMatch(/ip(&|$)|user_agent|refer/);
  });

  test('quirk 38: dates go as YYYY-MM-DD and times as YYYY-MM-DD hh:mm:ss, never with T or Z', async () => {
    const world = await open();
    await world.client.getConversions(QUERY);
    await world.client.findChangedConversions({
      kind: 'added',
      fromDay: '2026-05-01',
      toDay: '2026-05-02',
      page: 1,
      limit: 10,
    });
    const values = world.sent.flatMap(({ raw }) => [...new URLSearchParams(raw).values()]);
    const dates = values.filter((value) => /^\d{4}-\d\d/.test(value));
    expect(dates.length).toBeGreaterThanOrEqual(6);
    for (const date of dates) expect(date).toMatch(/^\d{4}-\d\d-\d\d( \d\d:\d\d:\d\d)?$/);
  });
});

describe('what a report tells', () => {
  test('quirk 13: times come as the network’s local texts, those of a clock change as well', async () => {
    const { client, network } = await open({ timeZone: 'America/New_York' });
    const times = ['2026-03-08 01:59:59', '2026-03-08 03:00:00', '2026-03-09 00:00:00'];
    for (const datetime of times) network.addConversion({ datetime });
    const march = { ...QUERY, fromTime: '2026-03-01 00:00:00', toTime: '2026-03-31 23:59:59' };
    expect(column((await client.getConversions(march)).rows, 'Stat.datetime')).toEqual(times);
  });

  test('quirk 21: with several currencies the amount is the one of the conversion’s own column, to the last digit', async () => {
    const { client, network } = await open({ currencies: ['USD', 'EUR', 'CZK'] });
    network.plantConversions({ count: 60, ...DAYS, currencies: ['USD', 'EUR', 'CZK'], affiliateId: '1002' });
    const page = await client.getConversions(QUERY);
    expect(page.currencyColumns).toContain('Stat.payout@CZK');
    for (const row of page.rows) {
      const read = readReportRow(row, { ...OURS, severalCurrencies: true });
      if (read.kind !== 'facts') throw new Error(JSON.stringify(read));
      const truth = network.conversion(read.facts.tune_event_id);
      expect(read.facts.currency).toBe(truth.currency);
      expect(parseAmountE5(read.facts.payout ?? '')).toBe(parseAmountE5(truth.payout));
    }
  });

  test('quirk 22: conversions without an ad_id and several with the same one are all there', async () => {
    const { client, network } = await open();
    network.addConversion({ datetime: '2026-05-02 10:00:00', adId: null });
    for (const goalId of ['46', '47'])
      network.addConversion({ datetime: '2026-05-02 11:00:00', adId: 'same', offerId: '12', goalId });
    const ids = column((await client.getConversions(QUERY)).rows, 'Stat.ad_id');
    expect(ids.filter((id) => id === 'same')).toHaveLength(2);
    expect(ids.filter((id) => (id ?? '') === '')).toHaveLength(1);
  });

  test('quirk 23: tests and adjustments are in the data and can be told from the others', async () => {
    const { client, network } = await open();
    network.addConversion({ datetime: '2026-05-02 10:00:00', statusCode: 22 });
    network.addConversion({ datetime: '2026-05-02 11:00:00', isAdjustment: true, statusCode: 52, payout: '-3.00000' });
    const facts = (await client.getConversions(QUERY)).rows.map((row) => readReportRow(row, OURS));
    expect(facts).toMatchObject([
      { kind: 'facts', facts: { status_code: '22', is_adjustment: false } },
      { kind: 'facts', facts: { status_code: '52', is_adjustment: true, payout: '-3.00000' } },
    ]);
  });

  test('quirk 24: a conversion that changes later is found again under its first time', async () => {
    const { client, network } = await open();
    const { tuneEventId } = network.addConversion({ datetime: '2026-05-02 10:00:00', status: 'pending' });
    network.changeConversion(tuneEventId, { status: 'approved', payout: '7.77777' });
    expect((await client.getConversions(QUERY)).rows).toMatchObject([
      { 'Stat.datetime': '2026-05-02 10:00:00', 'Stat.status': 'approved', 'Stat.payout': '7.77777' },
    ]);
  });

  test('quirk 25: a limit in a 200 body is told to the budget, with the window that TUNE names', async () => {
    const world = await open({ rateLimit: { calls: 2, windowMs: 60_000 } });
    await world.client.getConversions(QUERY);
    await world.client.getConversions(QUERY);
    const error = await failureOf(world.client.getConversions(QUERY));
    expect(error).toMatchObject({ code: 'rate_limited', advice: 'retry-later', retryAfterMs: 60_000 });
    expect(world.limits()).toBe(1);
  });

  test('quirk 32: pages of a fixed window in a fixed order hold every row once', async () => {
    const world = await open();
    // Many in the same second: only a second field makes the order a fixed one.
    for (let n = 0; n < 57; n += 1) world.network.addConversion({ datetime: '2026-05-02 10:00:00' });
    const seen: (string | null | undefined)[] = [];
    for (let page = 1; page <= 6; page += 1) {
      seen.push(
        ...column((await world.client.getConversions({ ...QUERY, page, limit: 10 })).rows, 'Stat.tune_event_id'),
      );
    }
    expect(seen).toHaveLength(57);
    expect(new Set(seen).size).toBe(57);
    expect(asked(world).sort).toEqual({ 'Stat.datetime': 'asc', 'Stat.tune_event_id': 'asc' });
  });

  test('quirk 37: null where there is no amount, session, source or sub id stays "none"', async () => {
    const { client, network } = await open();
    for (let n = 0; n < 12; n += 1) network.addConversion({ datetime: `2026-05-02 10:00:${10 + n}`, adId: null });
    const fields = {
      required: QUERY.fields.required,
      optional: ['Stat.session_datetime', 'Stat.source', 'Stat.affiliate_info1'],
    };
    const { rows } = await client.getConversions({ ...QUERY, fields });
    expect(new Set(column(rows, 'Stat.session_datetime'))).toEqual(new Set([null]));
    expect(new Set(column(rows, 'Stat.source'))).toEqual(new Set([null, '']));
    for (const row of rows)
      expect(readReportRow(row, OURS)).toMatchObject({ facts: { ids: { aff_sub: null, source: null } } });
  });

  test('quirk 39: a report holds the oldest day that is ever asked for, and nothing before it', async () => {
    const timeZone = 'America/New_York';
    const { client, network } = await open({ timeZone });
    const oldest = earliestDay(new Date(NOW), timeZone);
    network.addConversion({ datetime: `${addDays(oldest, -1)} 23:59:59` });
    const { tuneEventId } = network.addConversion({ datetime: `${oldest} 00:00:00` });
    const { rows } = await client.getConversions({ ...QUERY, fromTime: `${addDays(oldest, -7)} 00:00:00` });
    expect(column(rows, 'Stat.tune_event_id')).toEqual([tuneEventId]);
  });
});
