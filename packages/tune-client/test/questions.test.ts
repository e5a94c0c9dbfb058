import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { ConversionsQuery } from '@trackly-tune/tune-client';
import { OFFERS_BARE, OFFERS_PAGED, PAGE_ENVELOPE_EMPTY, refusal, REPORT_PAGE, success } from './recorded-bodies.js';
import { startTuneWorld, TOKEN, type TuneWorld } from './tune-world.js';

const QUERY: ConversionsQuery = {
  affiliateId: '3',
  fromTime: '2024-05-01 00:00:00',
  toTime: '2024-05-08 23:59:59',
  page: 1,
  limit: 1000,
  fields: { required: ['Stat.tune_event_id', 'Stat.payout'], optional: ['Stat.currency', 'Stat.goal_id'] },
};
const refused = (field: string) => refusal(`Field '${field}' does not exist or is not allowed to be used.`);

let world: TuneWorld;
beforeAll(async () => {
  world = await startTuneWorld();
});
beforeEach(() => {
  world.seen.length = 0;
});
afterAll(() => world.close());

describe('a page of conversions', () => {
  test('is asked for as TUNE documents it, in a GET', async () => {
    world.answer({ body: REPORT_PAGE });
    await world.open().getConversions(QUERY);
    expect(world.seen).toHaveLength(1);
    expect(world.seen[0]).toMatchObject({
      method: 'GET',
      path: '/demo/Apiv3/json',
      params: {
        NetworkToken: TOKEN,
        Target: 'Report',
        Method: 'getConversions',
        fields: ['Stat.tune_event_id', 'Stat.payout', 'Stat.currency', 'Stat.goal_id'],
        filters: {
          'Stat.datetime': { conditional: 'BETWEEN', values: ['2024-05-01 00:00:00', '2024-05-08 23:59:59'] },
          'Stat.affiliate_id': { conditional: 'EQUAL_TO', values: ['3'] },
        },
        data_start: '2024-05-01',
        data_end: '2024-05-08',
        sort: { 'Stat.datetime': 'asc', 'Stat.tune_event_id': 'asc' },
        limit: '1000',
        page: '1',
      },
    });
    expect(decodeURIComponent(world.seen[0]!.query)).toContain('&fields[]=Stat.tune_event_id&fields[]=Stat.payout');
  });

  test('keeps every digit, turns scalars into text, and keeps a row that is none', async () => {
    world.answer({ body: REPORT_PAGE });
    expect(await world.open().getConversions(QUERY)).toEqual({
      page: 1,
      pageCount: 1,
      count: 2,
      currencyColumns: ['Stat.payout@CZK'],
      refusedFields: [],
      apiCalls: 1,
      rows: [
        {
          'Stat.tune_event_id': 'ev-1',
          'Stat.ad_id': '102df73d132745e59cd739d17c92df',
          'Stat.offer_id': '7',
          'Stat.goal_id': '0',
          'Stat.affiliate_id': '3',
          'Stat.datetime': '2024-05-02 10:43:11',
          'Stat.session_datetime': null,
          'Stat.status': 'approved',
          'Stat.payout': '12345678901234567.12345',
          'Stat.revenue': '250',
          'Stat.currency': 'CZK',
          'Stat.payout@CZK': '200.00000',
          'Stat.is_adjustment': '0',
          'Stat.source': '',
          'Offer.name': 'Žluť',
        },
        { row: 'nonsense' },
      ],
    });
  });

  test('gives up a refused order, then refused optional fields, and says which', async () => {
    world.answer(({ params }) => {
      const fields = params['fields'] as string[];
      if (JSON.stringify(params['sort']).includes('tune_event_id')) return { body: refused('Stat.tune_event_id') };
      return { body: fields.includes('Stat.goal_id') ? refused('Stat.goal_id') : PAGE_ENVELOPE_EMPTY };
    });
    const client = world.open();
    const page = await client.getConversions(QUERY);
    expect(page).toMatchObject({ rows: [], refusedFields: ['Stat.goal_id'], apiCalls: 3, pageCount: 0, count: 0 });
    // The order is remembered for the network.
    expect((await client.getConversions(QUERY)).apiCalls).toBe(2);
  });

  test('fails when a required field is refused, and names it', async () => {
    world.answer({ body: refused('Stat.payout') });
    await expect(world.open().getConversions(QUERY)).rejects.toMatchObject({
      code: 'required_field_forbidden',
      advice: 'never',
      message: expect.stringContaining('Stat.payout'),
    });
  });

  test.each(['null', '""', '"abc"', 'true', '{"page":1,"count":5}', '{"a":"b"}'])(
    'is never taken for empty when the data is %s',
    async (data) => {
      world.answer({ body: `{"response":{"status":1,"data":${data},"errors":[]}}` });
      await expect(world.open().getConversions(QUERY)).rejects.toMatchObject({ code: 'unexpected_answer' });
    },
  );

  test.each(['[]', '{}', '{"page":"1","count":null,"data":null}', '{"page":1,"count":0}'])(
    'is empty when the data is %s',
    async (data) => {
      world.answer({ body: ` \uFEFF{"response":{"status":1,"data":${data},"errors":{}}}` });
      expect((await world.open().getConversions(QUERY)).rows).toEqual([]);
    },
  );
});

describe('long URLs', () => {
  const tooLong = "<html>The requested URL's length exceeds the capacity limit for this server.</html>";
  test.each([
    [414, ''],
    [200, tooLong],
  ])('are answered with %s once; from then on the form goes by POST', async (status, body) => {
    world.answer(({ method }) => (method === 'GET' ? { status, body } : { body: REPORT_PAGE }));
    const client = world.open();
    expect((await client.getConversions(QUERY)).apiCalls).toBe(2);
    expect((await client.getConversions(QUERY)).apiCalls).toBe(1);
    expect(world.seen.map(({ method }) => method)).toEqual(['GET', 'POST', 'POST']);
    expect(world.seen[1]).toMatchObject({ query: '', contentType: 'application/x-www-form-urlencoded' });
    expect(world.seen[1]!.params).toEqual(world.seen[0]!.params);
  });
});

describe('offers', () => {
  test('come from a map by id, with the advertiser, and entries without an id are counted', async () => {
    world.answer({ body: OFFERS_PAGED });
    const page = await world.open().listOffers({ page: 1, limit: 100 });
    expect(page).toMatchObject({ unreadable: 1, pageCount: 1, count: 3, apiCalls: 1 });
    expect(page.offers.map(({ externalId }) => externalId)).toEqual(['7', '120']);
    expect(page.offers[0]).toMatchObject({
      advertiserId: null,
      advertiserName: null,
      defaultPayout: '900.00000',
      tuneStatus: 'deleted',
      currency: 'EUR',
      offerUrl: 'http://www.nvrcp.com/?transaction_id={transaction_id}',
    });
    expect(page.offers[1]).toMatchObject({
      advertiserId: '500',
      advertiserName: 'Café & Co',
      currency: null,
      percentPayout: null,
    });
    expect(world.seen[0]!.params).toMatchObject({ contain: ['Advertiser'], sort: { id: 'asc' }, limit: '100' });
  });

  test('come from a bare map too', async () => {
    world.answer({ body: OFFERS_BARE });
    expect(await world.open().listOffers({ page: 1, limit: 100 })).toMatchObject({
      offers: [{ externalId: '62', advertiserName: 'Five' }],
      pageCount: null,
      count: null,
    });
  });

  test('come without advertisers where those are refused', async () => {
    world.answer(({ params }) => ({
      body: params['contain'] ? refusal('User is not permitted to perform this action') : OFFERS_BARE,
    }));
    const client = world.open();
    expect((await client.listOffers({ page: 1, limit: 10 })).apiCalls).toBe(2);
    expect((await client.listOffers({ page: 1, limit: 10 })).apiCalls).toBe(1);
  });
});

describe('an affiliate', () => {
  test.each([
    success({ Affiliate: { id: '3', company: 'Ours', status: 'active' } }),
    success({ '3': { Affiliate: { id: 3, company: 'Ours', status: 'active' } } }),
    success({ id: '3', company: 'Ours', status: 'active' }),
  ])('is found in %s', async (body) => {
    world.answer({ body });
    expect(await world.open().findAffiliate('3')).toEqual({ id: '3', company: 'Ours', status: 'active' });
  });

  test.each([success(null), success([]), refusal('Row id is negative'), refusal('Failed to hydrate rows: 3')])(
    'is missing when TUNE answers %s',
    async (body) => {
      world.answer({ body });
      expect(await world.open().findAffiliate('3')).toBeNull();
    },
  );

  test('that is another one than was asked for is refused', async () => {
    world.answer({ body: success({ Affiliate: { id: '4' } }) });
    await expect(world.open().findAffiliate('3')).rejects.toMatchObject({ code: 'unexpected_answer' });
  });
});

describe('a time zone', () => {
  test.each<[unknown, string | null]>([
    [{ Timezone: { id: '9', name: 'America/New_York', gmt: '-5' } }, 'America/New_York'],
    [{ name: '(GMT-05:00) America/New_York' }, 'America/New_York'],
    ['Asia/Singapore', 'Asia/Singapore'],
    [{ Timezone: { id: '9', timezone: 'Europe/Kiev' } }, 'Europe/Kiev'],
    [{ Timezone: { timezone: 'EST5EDT' } }, 'EST5EDT'],
    [{ Timezone: { olson: 'America/Argentina/Buenos_Aires', abbreviation: 'ART' } }, 'America/Argentina/Buenos_Aires'],
    [{ name: '(GMT-05:00) Eastern Time', abbreviation: 'EST' }, null],
    [['Europe/Paris', 'Europe/Rome'], null],
    ['Mars/Olympus', null],
    [null, null],
    [{}, null],
  ])('is read from %j as %s', async (data, zone) => {
    world.answer({ body: success(data) });
    expect(await world.open().getTimeZone()).toBe(zone);
  });

  test('that we may not ask for is not known', async () => {
    world.answer({ body: refusal('User is not permitted to perform this action') });
    expect(await world.open().getTimeZone()).toBeNull();
  });
});

describe('currencies', () => {
  test.each<[unknown, string | null]>([
    [
      { '1': { Preference: { name: 'network_currency', value: 'EUR' } }, '2': { Preference: { currency: 'USD' } } },
      'EUR',
    ],
    [{ BrandPreferences: { network_currency: 'CZK' } }, 'CZK'],
    [[{ currency: 'USD' }, { currency: 'EUR' }], null],
    [{ currency: 'ABC' }, null],
    [null, null],
  ])('the default one is read from %j as %s', async (data, currency) => {
    world.answer({ body: success(data) });
    expect(await world.open().getDefaultCurrency()).toBe(currency);
  });

  test.each<[unknown, string[] | null]>([
    [
      ['USD', 'EUR'],
      ['EUR', 'USD'],
    ],
    [{ USD: 'US Dollar', EUR: 'Euro' }, ['EUR', 'USD']],
    [{ page: 1, data: { '1': { Currency: { code: 'GBP' } } } }, ['GBP']],
    [[], null],
    [null, null],
  ])('the active ones are read from %j', async (data, currencies) => {
    world.answer({ body: success(data) });
    expect(await world.open().getActiveCurrencies()).toEqual(currencies);
  });
});

test('changed conversions tell the days on which they happened, in whatever shape', async () => {
  const rows = {
    '73': { Conversion: { id: '73', datetime: '2016-02-23 10:43:11', session_datetime: '2016-02-01 00:00:00' } },
    '74': { id: '74', date: '2016-02-24' },
    '75': { Conversion: { id: '75', datetime: '0000-00-00 00:00:00' } },
    '76': { Stat: { datetime: '2016-02-23 23:59:59' } },
  };
  world.answer({ body: success({ page: 1, count: 4, pageCount: 1, data: rows }) });
  const query = { kind: 'updated', fromDay: '2016-03-01', toDay: '2016-03-02', page: 1, limit: 500 } as const;
  expect(await world.open().findChangedConversions(query)).toEqual({
    days: ['2016-02-23', '2016-02-24'],
    rows: 4,
    withoutDay: 1,
    page: 1,
    pageCount: 1,
    apiCalls: 1,
  });
  expect(world.seen[0]!.params).toMatchObject({ start_date: '2016-03-01', end_date: '2016-03-02' });
});
