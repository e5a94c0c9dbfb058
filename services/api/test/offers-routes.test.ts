import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { inTransaction, insertImportedOffers, storeCataloguePage, transactionIdOf } from '@trackly-tune/database';
import { importedOffer, offerFieldRules, offerFromCatalogue, type CatalogueOffer } from '@trackly-tune/domain';
import { addIntegration } from '@trackly-tune/testing';
import { startApiWorld, type ApiWorld } from './api-world.js';

let api: ApiWorld;
let integrationId: bigint;
let integration: string;

beforeAll(async () => {
  api = await startApiWorld();
  integrationId = (await addIntegration(api.db, { accountId: 'acme', affiliateId: '7' })).id;
  integration = `int_${integrationId}`;
});
afterAll(() => api.close());

const call = (
  method: 'GET' | 'POST' | 'PATCH',
  url: string,
  payload?: object,
  key: 'all' | 'acme' | 'other' = 'acme',
) => api.call(method, url, { key, ...(payload === undefined ? {} : { payload }) });

function told(n: number, changes: Partial<CatalogueOffer> = {}): CatalogueOffer {
  return {
    externalId: String(n),
    name: `Offer ${n}`,
    tuneStatus: 'active',
    offerUrl: `http://shop.example.com/${n}`,
    defaultPayout: 4_000_000n,
    percentPayout: null,
    payoutType: 'cpa_flat',
    currency: null,
    advertiserId: '5',
    advertiserName: 'Shop',
    expirationDate: null,
    expiresAt: null,
    isExpired: false,
    ...changes,
  };
}

/** Puts an offer into the catalogue and imports it, as the worker does. */
async function seedOffer(offer: CatalogueOffer, imported = true): Promise<string> {
  return inTransaction(api.db, async (tx) => {
    await storeCataloguePage(tx, { integrationId, runId: 1n, offers: [offer] });
    if (!imported) return '';
    const state = offerFromCatalogue(offer, { namePrefix: 'P: ', defaultCurrency: 'USD', now: new Date() });
    await insertImportedOffers(tx, {
      integrationId,
      runId: 1n,
      cause: 'import',
      offers: [{ externalId: offer.externalId, state: importedOffer(state, offerFieldRules({}), offer.externalId) }],
    });
    const row = await tx
      .selectFrom('offers')
      .select('id')
      .where('integration_id', '=', integrationId)
      .where('external_id', '=', offer.externalId)
      .executeTakeFirstOrThrow();
    return `ofr_${row.id}`;
  });
}

const list = (answer: { body: Record<string, unknown> }) => answer.body['data'] as Record<string, unknown>[];

test('a click window longer than clicks are kept for it is refused', async () => {
  const body = {
    integration_id: integration,
    name: 'By hand',
    tracking_url: 'https://t.example/a',
    click_window_days: 371,
  };
  const refused = { status: 400, body: { code: 'invalid_request', details: [{ path: 'click_window_days' }] } };
  expect(await call('POST', '/v1/offers', body)).toMatchObject(refused);
  const made = await call('POST', '/v1/offers', { ...body, click_window_days: 370 });
  expect(made.status).toBe(201);
  const { id } = made.body as { id: string };
  expect(await call('PATCH', `/v1/offers/${id}`, { click_window_days: 371 })).toMatchObject(refused);
  expect(await call('PATCH', `/v1/offers/${id}`, { click_window_days: null })).toMatchObject({ status: 200 });
});

describe('the catalogue over REST', () => {
  test('shows TUNE’s own names, deleted ones as archived, and what is imported; search and status narrow it', async () => {
    await seedOffer(told(1));
    await seedOffer(told(2, { tuneStatus: 'deleted', name: 'Żółw 50%' }), false);
    await seedOffer(told(10, { tuneStatus: 'pending', currency: 'EUR' }), false);
    const all = await call('GET', `/v1/integrations/${integration}/available-offers?per_page=2`);
    expect(all.body['pagination']).toEqual({ page: 1, per_page: 2, total: 3, total_pages: 2 });
    expect(list(all)).toMatchObject([
      { external_id: '1', name: 'Offer 1', imported: true, status: 'active', payout: '40.00000', currency: 'USD' },
      { external_id: '2', name: 'Żółw 50%', imported: false, status: 'archived', tune_status: 'deleted' },
    ]);
    const found = await call('GET', `/v1/integrations/${integration}/available-offers?search=50%25`);
    expect(list(found).map((offer) => offer['external_id'])).toEqual(['2']);
    const paused = await call('GET', `/v1/integrations/${integration}/available-offers?status=paused`);
    expect(list(paused)).toMatchObject([{ external_id: '10', tune_status: 'pending', currency: 'EUR' }]);
    expect((await call('GET', `/v1/integrations/${integration}/available-offers`, undefined, 'other')).status).toBe(
      404,
    );
  });

  test('shows and finds what is over as expired, whatever TUNE’s status says; deleted ones stay archived', async () => {
    const past = { expirationDate: '2020-01-01 00:00:00', expiresAt: new Date('2020-01-01T05:00:00Z') };
    const later = { expirationDate: '2096-01-01 00:00:00', expiresAt: new Date('2096-01-01T05:00:00Z') };
    await seedOffer(told(51, { ...past, name: 'Ends 51' }), false);
    await seedOffer(told(52, { ...past, name: 'Ends 52', tuneStatus: 'pending' }), false);
    await seedOffer(told(53, { isExpired: true, name: 'Ends 53' }), false);
    await seedOffer(told(54, { ...past, isExpired: true, name: 'Ends 54', tuneStatus: 'deleted' }), false);
    await seedOffer(told(55, { ...later, name: 'Ends 55' }), false);
    await seedOffer(told(56, { name: 'Ends 56', tuneStatus: 'expired' }), false);
    const at = `/v1/integrations/${integration}/available-offers?search=Ends`;
    const shown = list(await call('GET', at));
    expect(shown.map((offer) => [offer['status'], offer['tune_status'], offer['expires_at']])).toEqual([
      ['expired', 'active', '2020-01-01T05:00:00.000Z'],
      ['expired', 'pending', '2020-01-01T05:00:00.000Z'],
      ['expired', 'active', null],
      ['archived', 'deleted', '2020-01-01T05:00:00.000Z'],
      ['active', 'active', '2096-01-01T05:00:00.000Z'],
      ['expired', 'expired', null],
    ]);
    for (const status of ['active', 'paused', 'expired', 'archived']) {
      const found = list(await call('GET', `${at}&status=${status}`));
      expect(found.map((offer) => offer['external_id'])).toEqual(
        shown.filter((offer) => offer['status'] === status).map((offer) => offer['external_id']),
      );
    }
  });

  test('imports and syncs are runs; two waiting syncs are one, two waiting imports are two', async () => {
    const importing = await call('POST', `/v1/integrations/${integration}/offers/import`, {
      external_ids: ['2', '2', '9'],
    });
    expect([importing.status, importing.body]).toMatchObject([
      202,
      {
        kind: 'offer_import',
        status: 'queued',
        items: [
          { external_id: '2', result: 'waiting' },
          { external_id: '9', result: 'waiting' },
        ],
      },
    ]);
    const second = await call('POST', `/v1/integrations/${integration}/offers/import`, { external_ids: ['3'] });
    expect(second.body['id']).not.toBe(importing.body['id']);
    const sync = await call('POST', `/v1/integrations/${integration}/offer-syncs`);
    expect([sync.status, sync.body['kind']]).toEqual([202, 'offers']);
    expect((await call('POST', `/v1/integrations/${integration}/offer-syncs`, {})).body['id']).toBe(sync.body['id']);
    expect((await call('POST', `/v1/integrations/${integration}/offers/import`, { external_ids: [] })).status).toBe(
      400,
    );
    expect((await call('POST', `/v1/integrations/${integration}/offer-syncs`, undefined, 'other')).status).toBe(404);
  });
});

describe('a person’s word that an empty catalogue is right', () => {
  const accepted = async (run: unknown) => {
    const id = BigInt(String(run).replace('run_', ''));
    const row = await api.db.selectFrom('sync_runs').select('accept_empty').where('id', '=', id).executeTakeFirst();
    return row?.accept_empty;
  };

  test('is kept with the run, and taken over by one that waits', async () => {
    const other = (await addIntegration(api.db, { accountId: 'acme', affiliateId: '7' })).id;
    const at = `/v1/integrations/int_${other}/offer-syncs`;
    const waiting = await call('POST', at, { accept_empty: false });
    expect(await accepted(waiting.body['id'])).toBe(false);
    const joined = await call('POST', at, { accept_empty: true });
    expect([joined.status, joined.body['id']]).toEqual([202, waiting.body['id']]);
    expect(await accepted(waiting.body['id'])).toBe(true);
    expect((await call('POST', at)).body['id']).toBe(waiting.body['id']);
    expect(await accepted(waiting.body['id'])).toBe(true);
    const fresh = await call(
      'POST',
      `/v1/integrations/int_${(await addIntegration(api.db, { accountId: 'acme', affiliateId: '7' })).id}/offer-syncs`,
      {
        accept_empty: true,
      },
    );
    expect(await accepted(fresh.body['id'])).toBe(true);
  });

  test.each(['yes', 'true', 1, null, {}, []])(
    'is true or false: %j is refused, and nothing is started',
    async (word) => {
      const other = (await addIntegration(api.db, { accountId: 'acme', affiliateId: '7' })).id;
      const refused = await call('POST', `/v1/integrations/int_${other}/offer-syncs`, { accept_empty: word });
      expect(refused).toMatchObject({
        status: 400,
        body: {
          code: 'invalid_request',
          details: [{ path: 'accept_empty', message: expect.stringContaining('must be true or false') }],
        },
      });
      const runs = await api.db.selectFrom('sync_runs').select('id').where('integration_id', '=', other).execute();
      expect(runs).toEqual([]);
    },
  );

  test('stands alone in the body, and is nobody else’s to give', async () => {
    const at = `/v1/integrations/${integration}/offer-syncs`;
    expect((await call('POST', at, { accept_empty: true, accept: 1 })).status).toBe(400);
    expect((await call('POST', at, { accept_empty: true }, 'other')).status).toBe(404);
  });
});

describe('an offer over REST', () => {
  test('shows when it ends; that is the network’s to say, its status a person’s', async () => {
    const past = { expirationDate: '2020-01-01 00:00:00', expiresAt: new Date('2020-01-01T05:00:00Z') };
    const id = await seedOffer(told(60, { ...past, tuneStatus: 'pending' }));
    const expired = { status: 'expired', tune_status: 'pending', expires_at: '2020-01-01T05:00:00.000Z' };
    expect((await call('GET', `/v1/offers/${id}`)).body).toMatchObject(expired);
    expect(list(await call('GET', `/v1/offers?status=expired`))).toMatchObject([{ id, ...expired }]);
    const refused = await call('PATCH', `/v1/offers/${id}`, { expires_at: null });
    expect(refused).toMatchObject({ status: 400, body: { details: [{ path: 'expires_at' }] } });
    const mine = await call('PATCH', `/v1/offers/${id}`, { status: 'active' });
    expect(mine.body).toMatchObject({ status: 'active', edited_fields: ['status'] });
    const back = await call('PATCH', `/v1/offers/${id}`, { reset_fields: ['status'] });
    expect(back.body).toMatchObject({ ...expired, edited_fields: [] });
    const history = list(await call('GET', `/v1/offers/${id}/history`));
    expect(history.at(-1)).toMatchObject({ changes: { expires_at: { before: null, after: expired.expires_at } } });
  });

  test('made by hand needs no id of the network, and one that is there already is refused', async () => {
    const body = { integration_id: integration, name: 'Direct', tracking_url: 'https://go.example.com/?c={click_id}' };
    const made = await call('POST', '/v1/offers', { ...body, payout: '12.5', click_window_days: 30 });
    expect([made.status, made.body]).toMatchObject([
      201,
      {
        external_id: null,
        name: 'Direct',
        payout: '12.50000',
        currency: 'USD',
        status: 'active',
        tune_status: null,
        click_window_days: 30,
        made_by_hand: true,
      },
    ]);
    const id = String(made.body['id']);
    const link = await call('GET', `/v1/offers/${id}/link?message_id=AbCd1234&click_id=a%26b`);
    expect(link.body).toEqual({
      url: 'https://go.example.com/?c=a%26b&aff_sub=AbCd1234&aff_click_id=a%26b',
    });
    const without = await call('GET', `/v1/offers/${id}/link?message_id=AbCd1234`);
    expect([without.status, without.body]).toMatchObject([
      422,
      { code: 'unresolved_macros', details: [{ path: '{click_id}' }] },
    ]);
    expect((await call('POST', '/v1/offers', { ...body, external_id: '1' })).body['code']).toBe('offer_exists');
    expect((await call('POST', '/v1/offers', { ...body, tracking_url: 'ftp://x' })).status).toBe(400);
    expect((await call('POST', '/v1/offers', { ...body, payout: '-1' })).status).toBe(400);
    for (const [changes, path] of [
      [{ payout: '1000000000000' }, 'payout'],
      [{ payout_percent: '1000000000000' }, 'payout_percent'],
      [{ payout: '1.0000001' }, 'payout'],
      [{ currency: 'XXQ' }, 'currency'],
    ] as const) {
      const refused = await call('POST', '/v1/offers', { ...body, ...changes });
      expect(refused).toMatchObject({ status: 400, body: { code: 'invalid_request', details: [{ path }] } });
    }
    const largest = await call('POST', '/v1/offers', {
      ...body,
      external_id: ' 4711\n',
      payout: '999999999999.9999900',
    });
    expect(largest).toMatchObject({ status: 201, body: { external_id: '4711', payout: '999999999999.99999' } });
  });

  test('keeps what a person wrote, gives it back when asked, and remembers every step', async () => {
    const id = await seedOffer(told(20));
    const edited = await call('PATCH', `/v1/offers/${id}`, { name: 'Mine', status: 'active', payout: '1' });
    expect(edited.body).toMatchObject({ name: 'Mine', payout: '1.00000', edited_fields: ['name', 'payout'] });
    const back = await call('PATCH', `/v1/offers/${id}`, { reset_fields: ['name'] });
    // The integration of this test has no prefix.
    expect(back.body).toMatchObject({ name: 'Offer 20', payout: '1.00000', edited_fields: ['payout'] });
    const history = await call('GET', `/v1/offers/${id}/history`);
    expect(list(history)).toMatchObject([
      { cause: 'edit', changed_by: 'acme', changes: { name: { before: 'Mine', after: 'Offer 20' } } },
      { cause: 'edit', changes: { name: { before: 'P: Offer 20', after: 'Mine' }, payout: { after: '1.00000' } } },
      { cause: 'import', changed_by: null, changes: { status: { before: null, after: 'active' } } },
    ]);
    const both = await call('PATCH', `/v1/offers/${id}`, { name: 'x', reset_fields: ['name'] });
    expect(both.body['code']).toBe('invalid_request');
    expect((await call('PATCH', `/v1/offers/${id}`, { external_id: '5' })).status).toBe(400);
    expect((await call('GET', `/v1/offers/${id}`, undefined, 'other')).status).toBe(404);
    expect((await call('PATCH', `/v1/offers/${id}`, { name: 'x' }, 'other')).status).toBe(404);
  });

  test('lists by integration, account and status', async () => {
    const mine = await call('GET', `/v1/offers?integration_id=${integration}&status=active`);
    expect(list(mine).length).toBeGreaterThan(1);
    expect(list(await call('GET', '/v1/offers', undefined, 'other'))).toEqual([]);
    expect(list(await call('GET', '/v1/offers?status=archived'))).toEqual([]);
  });

  test('builds links for many messages at once, each judged on its own', async () => {
    const id = await seedOffer(told(30));
    const answer = await call('POST', `/v1/offers/${id}/links`, {
      records: [{ message_id: 'AbCd1234', click_id: 'c' }, { message_id: 'short' }, { message_id: 'AbCd1235' }],
    });
    expect(answer.body).toMatchObject({
      success_count: 2,
      error_count: 1,
      links: [
        { index: 0, message_id: 'AbCd1234', url: expect.stringContaining('aff_click_id=c') },
        { index: 2, message_id: 'AbCd1235', url: expect.stringContaining('/aff_c?offer_id=30&aff_id=') },
      ],
      errors: [{ index: 1, code: 'invalid_record' }],
    });
  });

  test('says so when conversions pay another amount than it does', async () => {
    const id = await seedOffer(told(40));
    const detail = await call('GET', `/v1/offers/${id}`);
    expect(detail.body['payout_mismatch']).toBeNull();
    const conversion = (n: number, payout: bigint) => ({
      integration_id: integrationId,
      tune_event_id: `mismatch-${n}`,
      transaction_id: transactionIdOf('acme', `event:mismatch-${n}`),
      settings_version: 1,
      click_window_days: 90,
      version: 1,
      content_hash: Buffer.from('00', 'hex'),
      observed_at: new Date(),
      external_offer_id: '40',
      goal_id: '0',
      status: 'approved' as const,
      is_test: false,
      is_adjustment: false,
      payout_e5: payout,
      currency: 'USD',
      day: new Date().toISOString().slice(0, 10),
      converted_at: new Date(),
    });
    await api.db
      .insertInto('conversions')
      .values([conversion(1, 4_000_000n), conversion(2, 5_000_000n), conversion(3, 5_000_000n)])
      .execute();
    expect((await call('GET', `/v1/offers/${id}`)).body['payout_mismatch']).toMatchObject({
      conversions: 2,
      amounts: [{ payout: '50.00000', currency: 'USD', conversions: 2 }],
    });
  });
});
