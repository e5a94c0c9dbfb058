import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { relayLedger } from '@trackly-tune/database';
import { addIntegration } from '@trackly-tune/testing';
import { seedConversion, seedDecision, seedEntries, seedOffer } from '../../../packages/database/test/seed-books.js';
import { startBooksApp, type BooksApp } from './books-app.js';

let books: BooksApp;
let integration: string;
let offer: string;
let decided: string;
let undecided: string;

beforeAll(async () => {
  books = await startBooksApp();
  const { db } = books;
  const integrationId = (await addIntegration(db, { accountId: 'acc', affiliateId: '7' })).id;
  const own = { accountId: 'acc', integrationId };
  const first = await seedConversion(db, own);
  const second = await seedConversion(db, { ...own, externalOfferId: '11' });
  await seedDecision(db, { conversionId: first, no: 1, method: 'click', messageId: 'mmmmmmm1' });
  const place = { messageId: 'mmmmmmm1', creativeId: 'c', campaignId: null, day: '2026-10-31', currency: 'USD' };
  const entry = { ...own, ...place, unconfirmedE5: 0n };
  await seedEntries(db, [
    {
      ...entry,
      conversionId: first,
      entryNo: 1,
      externalOfferId: '10',
      revenueE5: 250_000n,
      pendingE5: 0n,
      conversions: 1,
    },
    { ...entry, conversionId: second, entryNo: 1, externalOfferId: '11', revenueE5: 0n, pendingE5: 1n, conversions: 0 },
  ]);
  await relayLedger(db, 100);
  integration = `int_${integrationId}`;
  offer = `ofr_${await seedOffer(db, integrationId, '10')}`;
  [decided, undecided] = [`cnv_${first}`, `cnv_${second}`];
});
afterAll(() => books.close());

const get = async (url: string, account?: string) => {
  const headers = account === undefined ? {} : { 'x-test-account': account };
  const response = await books.app.inject({ method: 'GET', url, headers });
  return { status: response.statusCode, body: response.json<Record<string, unknown>>() };
};

describe('conversions', () => {
  test('show the facts, the decision and our offer; an undecided one says so', async () => {
    expect((await get(`/v1/conversions/${decided}`)).body).toMatchObject({
      id: decided,
      integration_id: integration,
      account_id: 'acc',
      external_offer_id: '10',
      offer_id: offer,
      status: 'approved',
      payout: '2.50000',
      currency: 'USD',
      converted_at: '2026-10-31T16:00:00.000Z',
      attribution: { method: 'click', message_id: 'mmmmmmm1' },
      sources: ['pull'],
      version: 1,
    });
    expect((await get(`/v1/conversions/${undecided}`)).body).toMatchObject({
      offer_id: null,
      attribution: { method: 'none', reason: 'not_decided_yet', message_id: null, decided_at: null },
    });
  });

  test('the list filters and pages, and next is null on its last page', async () => {
    const first = await get(`/v1/conversions?integration_id=${integration}&limit=1`);
    expect(first.body).toMatchObject({ data: [{ id: decided }], next: expect.any(String) });
    const second = await get(
      `/v1/conversions?integration_id=${integration}&limit=1&after=${String(first.body['next'])}`,
    );
    expect(second.body).toMatchObject({ data: [{ id: undecided }], next: null });
    expect((await get(`/v1/conversions?attribution=none&offer_id=${offer}`)).body).toEqual({ data: [], next: null });
    expect((await get('/v1/conversions?message_id=mmmmmmm1')).body).toMatchObject({ data: [{ id: decided }] });
  });

  test('the trail has versions, decisions with their settings, entries and unreadable rows', async () => {
    expect((await get(`/v1/conversions/${decided}/trail`)).body).toMatchObject({
      conversion: { id: decided },
      click_window_days: 90,
      versions: [{ version: 1, current: true, facts: { tune_event_id: expect.any(String) } }],
      decisions: [{ no: 1, settings: { message_id_field: 'aff_sub', time_zone: 'America/New_York' } }],
      entries: [{ entry_no: 1, seq: 1, revenue: '2.50000', pending_revenue: '0.00000', conversions: 1 }],
      unreadable_rows: [],
      complete: true,
    });
  });
});

describe('revenue', () => {
  test('by offer names our offer, or none with the id of the network', async () => {
    const { body } = await get(`/v1/revenue?account_id=acc&group_by=offer`);
    expect(body).toEqual({
      data: [
        {
          key: offer,
          external_offer_id: '10',
          integration_id: integration,
          currency: 'USD',
          conversions: 1,
          revenue: '2.50000',
          unconfirmed_revenue: '0.00000',
          pending_revenue: '0.00000',
        },
        {
          key: null,
          external_offer_id: '11',
          integration_id: integration,
          currency: 'USD',
          conversions: 0,
          revenue: '0.00000',
          unconfirmed_revenue: '0.00000',
          pending_revenue: '0.00001',
        },
      ],
      pagination: { page: 1, per_page: 50, total: 2, total_pages: 1 },
      as_of_seq: 2,
      complete_through: null,
    });
  });

  test('as of a number or a moment; an empty answer has no pages', async () => {
    expect((await get(`/v1/revenue?integration_id=${integration}&group_by=integration&as_of=1`)).body).toMatchObject({
      data: [{ key: integration, revenue: '2.50000', pending_revenue: '0.00000' }],
      as_of_seq: 1,
    });
    const past = await get(`/v1/revenue?account_id=acc&group_by=day&as_of=2020-01-01T00:00:00%2B02:00`);
    expect(past.body).toMatchObject({ data: [], as_of_seq: 0, pagination: { total: 0, total_pages: 0 } });
  });

  test('refuses what it cannot answer', async () => {
    const future = new Date(Date.now() + 3_600_000).toISOString();
    const refused = [
      '/v1/revenue?group_by=day',
      '/v1/revenue?account_id=acc',
      '/v1/revenue?account_id=acc&group_by=colour',
      '/v1/revenue?account_id=acc&group_by=day&as_of=99',
      '/v1/revenue?account_id=acc&group_by=day&as_of=soon',
      '/v1/revenue?account_id=acc&group_by=day&as_of=-1',
      `/v1/revenue?account_id=acc&group_by=day&as_of=${future}`,
      '/v1/revenue?account_id=acc&group_by=day&from=2026-02-30',
      '/v1/revenue?account_id=acc&group_by=day&from=2026-10-02&to=2026-10-01',
      '/v1/revenue?account_id=acc&group_by=day&per_page=1001',
      '/v1/revenue?account_id=acc&group_by=day&page=0',
      '/v1/revenue?account_id=acc&group_by=day&wanted=1',
      '/v1/revenue-changes',
      '/v1/revenue-changes?account_id=acc&after=x',
      '/v1/revenue-changes?account_id=acc&limit=0',
      '/v1/conversions?after=somewhere',
      '/v1/conversions?status=lost',
    ];
    for (const url of refused) {
      expect({ url, ...(await get(url)) }).toMatchObject({ url, status: 400, body: { code: 'invalid_request' } });
    }
  });
});

describe('revenue changes', () => {
  test('are signed amounts with a cursor while the page is full', async () => {
    const { body } = await get('/v1/revenue-changes?account_id=acc&limit=1');
    expect(body).toMatchObject({
      data: [
        { seq: 1, conversion_id: decided, offer_id: offer, revenue: '2.50000', conversions: 1, day: '2026-10-31' },
      ],
      next: '1',
    });
    expect((await get('/v1/revenue-changes?account_id=acc&after=1&limit=5')).body).toMatchObject({
      data: [{ seq: 2, offer_id: null, external_offer_id: '11' }],
      next: null,
    });
  });
});

test('a key of another account finds nothing of these books', async () => {
  const hidden = [
    `/v1/conversions/${decided}`,
    `/v1/conversions/${decided}/trail`,
    `/v1/conversions?integration_id=${integration}`,
    `/v1/conversions?account_id=acc`,
    `/v1/conversions?offer_id=${offer}`,
    `/v1/revenue?account_id=acc&group_by=day`,
    `/v1/revenue?integration_id=${integration}&group_by=day`,
    `/v1/revenue-changes?integration_id=${integration}`,
    `/v1/revenue?integration_id=${integration}&account_id=other&group_by=day`,
  ];
  for (const url of hidden) expect({ url, ...(await get(url, 'other')) }).toMatchObject({ url, status: 404 });
  for (const url of ['/v1/conversions', '/v1/conversions?message_id=mmmmmmm1']) {
    expect((await get(url, 'other')).body).toEqual({ data: [], next: null });
  }
  const unknown = ['/v1/conversions/cnv_99999', '/v1/revenue?integration_id=int_99&group_by=day'];
  for (const url of [...unknown, '/v1/conversions?offer_id=ofr_99']) {
    expect({ url, ...(await get(url)) }).toMatchObject({ url, status: 404 });
  }
});
