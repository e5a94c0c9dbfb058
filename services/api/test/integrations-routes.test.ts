import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { tokenContext } from '@trackly-tune/service-runtime';
import type { TuneClients } from '@trackly-tune/tune-client';
import { startIntegrationsApp, type IntegrationsApp } from './integrations-app.js';

const TOKEN = 'NETabcdefghijkWXYZ';
const asked: string[] = [];

/** Networks that nobody can reach: what the routes do then. */
const away: TuneClients = {
  open({ networkId }) {
    asked.push(networkId);
    const refuse = () => Promise.reject(Object.assign(new Error('away'), { code: 'unreachable' }));
    return {
      getConversions: refuse,
      getTimeZone: refuse,
      getDefaultCurrency: refuse,
      getActiveCurrencies: refuse,
      findAffiliate: refuse,
      listOffers: refuse,
      findChangedConversions: refuse,
      close: () => Promise.resolve(),
    };
  },
  close: () => Promise.resolve(),
};

let world: IntegrationsApp;
let made = 0;
beforeAll(async () => {
  world = await startIntegrationsApp({ tune: away });
});
afterAll(() => world.close());

const wish = (rest: object = {}) => ({
  account_id: 'acc',
  name: 'A network',
  network_id: `network-${++made}`,
  network_token: TOKEN,
  base_url: 'https://clicks.example.com/',
  affiliate_id: '1002',
  time_zone: 'Europe/Berlin',
  default_currency: 'EUR',
  ...rest,
});
const create = async (rest: object = {}) => {
  const { status, body } = await world.call('POST', '/v1/integrations', wish(rest));
  expect({ status, body }).toMatchObject({ status: 201 });
  return body as Record<string, unknown> & { id: string };
};
const numberOf = (id: string) => BigInt(id.slice('int_'.length));
const logOf = async (id: string) =>
  world.db
    .selectFrom('integration_log')
    .select(['level', 'code', 'message', 'context'])
    .where('integration_id', '=', numberOf(id))
    .orderBy('id')
    .execute();

describe('an integration', () => {
  test('is created with every default, and shows everything but the token', async () => {
    const before = Date.now();
    const body = await create({ network_id: 'UPPER-Case', time_zone: undefined, default_currency: undefined });
    expect(body).toEqual({
      id: expect.stringMatching(/^int_\d+$/),
      account_id: 'acc',
      name: 'A network',
      network_id: 'upper-case',
      network_token_hint: 'WXYZ',
      base_url: 'https://clicks.example.com',
      affiliate_id: '1002',
      click_id_field: 'affiliate_click_id',
      message_id_field: 'aff_sub',
      global_url_params: {},
      offer_name_prefix: '',
      auto_sync_offers: false,
      offer_sync_frequency: 'daily',
      postback_confirm_days: 3,
      auto_import_offers: false,
      offer_field_rules: {
        name: 'always',
        tracking_url: 'always',
        payout: 'always',
        payout_type: 'always',
        advertiser: 'always',
        status: 'always',
      },
      conversion_sync_enabled: true,
      time_zone: 'America/New_York',
      time_zone_source: 'assumed',
      default_currency: 'USD',
      currency_source: 'assumed',
      click_window_days: 90,
      settings_version: 1,
      schedules: {
        conversions: { enabled: true, next_at: expect.any(String), last_succeeded_at: null, covered_through: null },
        offers: { enabled: false, next_at: null, last_succeeded_at: null },
        changes: { enabled: true, next_at: expect.any(String), last_succeeded_at: null, hints: 'unknown' },
      },
      created_at: expect.any(String),
      updated_at: expect.any(String),
      deleted_at: null,
    });
    const { next_at: nextAt } = (body['schedules'] as Record<string, { next_at: string }>)['conversions']!;
    expect(Math.abs(Date.parse(nextAt) - before)).toBeLessThan(60_000);
    expect((await world.call('GET', `/v1/integrations/${body.id}`)).body).toEqual(body);
    expect(world.signals).toContain(`scheduled-pull {"integrationId":"${numberOf(body.id)}"}`);
    expect((await logOf(body.id)).map(({ level, code }) => `${level} ${code}`)).toEqual([
      'info integration_created',
      'warn time_zone_assumed',
      'warn currency_assumed',
    ]);
  });

  test('is made once under an Idempotency-Key, and its network asked once', async () => {
    const body = wish({ time_zone: undefined });
    const post = (payload: object) => world.call('POST', '/v1/integrations', payload, { idempotencyKey: 'once' });
    const first = await post(body);
    const again = await post(body);
    expect(again).toEqual(first);
    expect(first.status).toBe(201);
    expect(asked.filter((id) => id === body.network_id)).toHaveLength(1);
    expect(await post({ ...body, name: 'Another' })).toMatchObject({ status: 422 });
    expect(await world.call('POST', '/v1/integrations', body)).toMatchObject({ status: 409 });
  });

  test('asks the network nothing when zone and currency are given', async () => {
    const body = await create();
    expect(body).toMatchObject({ time_zone_source: 'given', currency_source: 'given', default_currency: 'EUR' });
    expect(asked).not.toContain(body['network_id']);
  });

  test('keeps its token sealed for its own row, and nowhere else', async () => {
    const { id } = await create({ network_token: 'NETsecretsecretsecret' });
    await world.call('PATCH', `/v1/integrations/${id}`, { network_token: 'NETanothersecret1234', name: 'Renamed' });
    const row = await world.db
      .selectFrom('integrations')
      .select(['network_token_sealed', 'network_token_hint'])
      .where('id', '=', numberOf(id))
      .executeTakeFirstOrThrow();
    expect(row.network_token_hint).toBe('1234');
    expect(world.keyRing.open(row.network_token_sealed, tokenContext(numberOf(id)))).toBe('NETanothersecret1234');
    expect(() => world.keyRing.open(row.network_token_sealed, tokenContext(1n))).toThrow();
    const texts = [
      (await world.call('GET', `/v1/integrations/${id}`)).text,
      (await world.call('GET', '/v1/integrations')).text,
      (await world.call('POST', `/v1/integrations/${id}/test-connection`)).text,
      JSON.stringify(await logOf(id)),
      world.signals.join(),
      world.logged.join(),
    ];
    expect(world.logged.length).toBeGreaterThan(0);
    for (const text of texts) expect(text).not.toMatch(/secret/);
  });

  test('takes rules for fields of offers and whether new ones are imported, and changes them', async () => {
    const { id } = await create({ auto_import_offers: true, offer_field_rules: { name: 'first' } });
    const shown = await world.call('GET', `/v1/integrations/${id}`);
    expect(shown.body).toMatchObject({
      auto_import_offers: true,
      offer_field_rules: { name: 'first', payout: 'always' },
    });
    const changed = await world.call('PATCH', `/v1/integrations/${id}`, {
      auto_import_offers: false,
      offer_field_rules: { payout: 'never' },
    });
    expect(changed.body).toMatchObject({
      auto_import_offers: false,
      offer_field_rules: { name: 'always', payout: 'never' },
    });
    const refused = await world.call('PATCH', `/v1/integrations/${id}`, { offer_field_rules: { payout: 'sometimes' } });
    expect(refused.status).toBe(400);
  });

  test('starts its schedules a look-back ago, so that the first pull is a plain one', async () => {
    const { id } = await create({ auto_sync_offers: true, offer_sync_frequency: 'hourly' });
    const rows = await world.db
      .selectFrom('sync_schedules')
      .selectAll()
      .where('integration_id', '=', numberOf(id))
      .orderBy('kind')
      .execute();
    expect(rows).toMatchObject([
      { kind: 'changes', enabled: true, every_ms: 86_400_000, hinted_through: null, ladder_through: null },
      { kind: 'conversions', enabled: true, every_ms: 3_600_000, covered_through: null },
      { kind: 'offers', enabled: true, every_ms: 3_600_000 },
    ]);
    // Late changes have a time of the day of their own.
    for (const row of rows.filter(({ kind }) => kind !== 'changes')) {
      const lookBackMs = row.next_at.getTime() - row.coverage_starts_at.getTime();
      expect(Math.abs(lookBackMs - 7 * 86_400_000)).toBeLessThan(2 * 3_600_000);
    }
    expect(world.signals).toContain(`scheduled-offer-sync {"integrationId":"${numberOf(id)}"}`);
  });
});

describe('a body that is not valid is refused, and nothing is stored', () => {
  const refused: [string, unknown][] = [
    ['account_id', ''],
    ['account_id', 7],
    ['account_id', 'a\u0000'],
    ['name', ' '],
    ['name', 'x'.repeat(201)],
    ['network_id', ''],
    ['network_id', '-a'],
    ['network_id', 'a.b'],
    ['network_id', 'a/b'],
    ['network_id', 'a@b'],
    ['network_id', 'localhost:8080'],
    ['network_id', 'x'.repeat(64)],
    ['network_token', ''],
    ['network_token', 'with blank'],
    ['network_token', 'x'.repeat(513)],
    ['base_url', 'clicks.example.com'],
    ['base_url', 'ftp://clicks.example.com'],
    ['base_url', 'https://user:secret@clicks.example.com'],
    ['base_url', 'https://clicks.example.com?a=1'],
    ['base_url', 'https://clicks.example.com#a'],
    ['affiliate_id', ''],
    ['affiliate_id', '0'],
    ['affiliate_id', '1 2'],
    ['affiliate_id', 1002],
    ['click_id_field', 'ad_id'],
    ['click_id_field', 'aff_sub'],
    ['message_id_field', 'affiliate_click_id'],
    ['message_id_field', 'aff_sub6'],
    ['message_id_field', null],
    ['global_url_params', []],
    ['global_url_params', { a: 1 }],
    ['global_url_params', { a: '{{contactId}}' }],
    ['global_url_params', { 'a=b': '1' }],
    ['global_url_params', { '': '1' }],
    ['global_url_params', Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`p${index}`, '1']))],
    ['offer_name_prefix', 'x'.repeat(101)],
    ['auto_sync_offers', 'yes'],
    ['offer_sync_frequency', 'weekly'],
    ['postback_confirm_days', 0],
    ['conversion_sync_enabled', null],
    ['time_zone', 'Mars/Olympus'],
    ['time_zone', '+01:00'],
    ['default_currency', 'usd'],
    ['default_currency', 'QQQ'],
    ['click_window_days', 0],
    ['click_window_days', 3651],
    ['click_window_days', 1.5],
    ['click_window_days', '90'],
    ['colour', 'red'],
    ['settings_version', 2],
  ];
  test.each(refused)('%s: %j', async (field, value) => {
    const body = wish({ [field]: value });
    const creation = await world.call('POST', '/v1/integrations', body);
    expect(creation).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    const { id } = await create();
    const change = await world.call('PATCH', `/v1/integrations/${id}`, { [field]: value });
    expect(change).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    expect((await world.call('GET', `/v1/integrations/${id}`)).body).toMatchObject({ settings_version: 1 });
  });

  test.each(['account_id', 'name', 'network_id', 'network_token', 'base_url', 'affiliate_id'])(
    'without %s',
    async (field) => {
      const { [field]: _left, ...body } = wish() as Record<string, unknown>;
      expect((await world.call('POST', '/v1/integrations', body)).status).toBe(400);
    },
  );

  test.each([{ network_id: 'other' }, { affiliate_id: '7' }, { account_id: 'other' }])(
    'a change of what it is: %j',
    async (patch) => {
      const { id } = await create();
      expect((await world.call('PATCH', `/v1/integrations/${id}`, patch)).status).toBe(400);
    },
  );
});

describe('the same affiliate of the same network', () => {
  test('is one integration of an account, also when it is created twice at once', async () => {
    const body = wish();
    const answers = await Promise.all(Array.from({ length: 8 }, () => world.call('POST', '/v1/integrations', body)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(7).fill(409)]);
    const id = answers.find(({ status }) => status === 201)?.body['id'];
    for (const { body: answer } of answers.filter(({ status }) => status === 409)) {
      expect(answer).toMatchObject({ code: 'integration_exists', integration_id: id });
    }
    expect(await world.call('POST', '/v1/integrations', { ...body, account_id: 'another' })).toMatchObject({
      status: 201,
    });
    expect(await world.call('POST', '/v1/integrations', { ...body, affiliate_id: '1003' })).toMatchObject({
      status: 201,
    });
  });

  test('that was deleted is named, and can be brought back with its syncs', async () => {
    const body = wish({ auto_sync_offers: true });
    const { id } = (await world.call('POST', '/v1/integrations', body)).body as { id: string };
    expect((await world.call('POST', `/v1/integrations/${id}/restore`)).body).toMatchObject({
      code: 'integration_not_deleted',
    });
    expect((await world.call('DELETE', `/v1/integrations/${id}`)).status).toBe(204);
    expect(await world.call('POST', '/v1/integrations', body)).toMatchObject({
      status: 409,
      body: { code: 'integration_deleted', integration_id: id },
    });
    world.signals.length = 0;
    const restored = await world.call('POST', `/v1/integrations/${id}/restore`, {});
    expect(restored).toMatchObject({
      status: 200,
      body: { id, deleted_at: null, schedules: { conversions: { enabled: true }, offers: { enabled: true } } },
    });
    expect(world.signals).toHaveLength(2);
  });
});

describe('a change', () => {
  test('of what decides conversions makes a new version; the old one stays as it was', async () => {
    const { id } = await create();
    const changed = await world.call('PATCH', `/v1/integrations/${id}`, {
      message_id_field: 'source',
      click_id_field: null,
      click_window_days: 30,
      time_zone: 'UTC',
      default_currency: 'GBP',
    });
    expect(changed.body).toMatchObject({
      settings_version: 2,
      message_id_field: 'source',
      click_id_field: null,
      click_window_days: 30,
      time_zone: 'UTC',
      default_currency: 'GBP',
    });
    expect((await world.call('PATCH', `/v1/integrations/${id}`, { click_window_days: 30 })).body).toMatchObject({
      settings_version: 2,
    });
    const versions = await world.db
      .selectFrom('integration_settings')
      .select(['version', 'message_id_field', 'click_window_days'])
      .where('integration_id', '=', numberOf(id))
      .orderBy('version')
      .execute();
    expect(versions).toEqual([
      { version: 1, message_id_field: 'aff_sub', click_window_days: 90 },
      { version: 2, message_id_field: 'source', click_window_days: 30 },
    ]);
    expect((await logOf(id)).at(-1)).toMatchObject({ code: 'settings_changed', context: { settings_version: 2 } });
  });

  test('cannot make both id fields the same, whichever of them is named', async () => {
    const { id } = await create({ click_id_field: 'aff_sub3' });
    for (const patch of [{ message_id_field: 'aff_sub3' }, { click_id_field: 'aff_sub' }]) {
      expect((await world.call('PATCH', `/v1/integrations/${id}`, patch)).body).toMatchObject({
        code: 'invalid_request',
        details: [{ path: 'click_id_field' }],
      });
    }
    const swap = { message_id_field: 'aff_sub3', click_id_field: 'aff_sub' };
    expect((await world.call('PATCH', `/v1/integrations/${id}`, swap)).body).toMatchObject(swap);
  });

  test('of the syncs shows in the schedules at once, and what is switched on is due at once', async () => {
    const { id } = await create({ conversion_sync_enabled: false });
    const schedules = async (patch: object) =>
      ((await world.call('PATCH', `/v1/integrations/${id}`, patch)).body['schedules'] ?? {}) as Record<
        'conversions' | 'offers',
        { enabled: boolean; next_at: string | null }
      >;
    world.signals.length = 0;
    await world.db
      .updateTable('sync_schedules')
      .set({ next_at: new Date('2026-01-01T00:00:00Z') })
      .where('integration_id', '=', numberOf(id))
      .execute();
    const on = await schedules({ conversion_sync_enabled: true });
    expect(on.conversions.enabled).toBe(true);
    expect(Math.abs(Date.parse(on.conversions.next_at ?? '') - Date.now())).toBeLessThan(60_000);
    expect(world.signals).toEqual([`scheduled-pull {"integrationId":"${numberOf(id)}"}`]);
    expect((await schedules({ conversion_sync_enabled: false })).conversions).toMatchObject({
      enabled: false,
      next_at: null,
    });
    expect((await schedules({ auto_sync_offers: true })).offers.enabled).toBe(true);
    expect(world.signals).toHaveLength(2);
  });

  test('of two settings at once by two callers loses neither', async () => {
    const { id } = await create();
    await Promise.all([
      world.call('PATCH', `/v1/integrations/${id}`, { click_window_days: 10 }),
      world.call('PATCH', `/v1/integrations/${id}`, { message_id_field: 'aff_sub4' }),
    ]);
    expect((await world.call('GET', `/v1/integrations/${id}`)).body).toMatchObject({
      settings_version: 3,
      click_window_days: 10,
      message_id_field: 'aff_sub4',
    });
  });
});

describe('a deletion', () => {
  test('stops the syncs, ends open runs and keeps the integration to be read', async () => {
    const { id } = await create({ auto_sync_offers: true });
    const run = (status: string, pulledAt: Date | null) =>
      world.db
        .insertInto('sync_runs')
        .values({ integration_id: numberOf(id), kind: 'conversions', trigger: 'schedule', status, pulled_at: pulledAt })
        .execute();
    await run('queued', null);
    await run('running', null);
    await run('running', new Date());
    await run('succeeded', new Date());
    expect(await world.call('DELETE', `/v1/integrations/${id}`)).toMatchObject({ status: 204, text: '' });
    expect((await world.call('DELETE', `/v1/integrations/${id}`)).status).toBe(204);
    const runs = await world.db
      .selectFrom('sync_runs')
      .select(['status'])
      .where('integration_id', '=', numberOf(id))
      .orderBy('id')
      .execute();
    expect(runs.map(({ status }) => status)).toEqual(['cancelled', 'cancelled', 'running', 'succeeded']);
    expect((await world.call('GET', `/v1/integrations/${id}`)).body).toMatchObject({
      deleted_at: expect.any(String),
      auto_sync_offers: true,
      schedules: { conversions: { enabled: false, next_at: null }, offers: { enabled: false } },
    });
    expect(await world.call('PATCH', `/v1/integrations/${id}`, { name: 'x' })).toMatchObject({
      status: 409,
      body: { code: 'integration_deleted' },
    });
  });
});

describe('the list', () => {
  test('is paged, filtered by account, and shows deleted ones only when asked', async () => {
    const account_id = 'listed';
    const ids: string[] = [];
    for (let index = 0; index < 3; index++) ids.push((await create({ account_id })).id);
    await world.call('DELETE', `/v1/integrations/${ids[1]}`);
    const list = async (query: string, account?: string) =>
      (await world.call('GET', `/v1/integrations?${query}`, undefined, account === undefined ? {} : { account }))
        .body as unknown as {
        data: { id: string }[];
        pagination: object;
      };
    const listed = await list('account_id=listed&per_page=1&page=2');
    expect(listed.data.map(({ id }) => id)).toEqual([ids[2]]);
    expect(listed.pagination).toEqual({ page: 2, per_page: 1, total: 2, total_pages: 2 });
    expect((await list('include_deleted=true', 'listed')).data.map(({ id }) => id)).toEqual(ids);
    expect(await list('account_id=nobody')).toEqual({
      data: [],
      pagination: { page: 1, per_page: 50, total: 0, total_pages: 0 },
    });
    expect((await world.call('GET', '/v1/integrations?colour=red')).status).toBe(400);
  });
});

test('a key of another account finds nothing and makes nothing', async () => {
  const { id } = await create();
  const hidden = [
    world.call('GET', `/v1/integrations/${id}`, undefined, { account: 'other' }),
    world.call('PATCH', `/v1/integrations/${id}`, { name: 'x' }, { account: 'other' }),
    world.call('DELETE', `/v1/integrations/${id}`, undefined, { account: 'other' }),
    world.call('POST', `/v1/integrations/${id}/restore`, {}, { account: 'other' }),
    world.call('POST', `/v1/integrations/${id}/test-connection`, {}, { account: 'other' }),
    world.call('POST', '/v1/integrations', wish(), { account: 'other' }),
    world.call('GET', '/v1/integrations?account_id=acc', undefined, { account: 'other' }),
    world.call('GET', '/v1/integrations/int_999999'),
    world.call('GET', '/v1/integrations/run_1'),
    world.call('DELETE', '/v1/integrations/nonsense'),
  ];
  for (const answer of await Promise.all(hidden)) expect(answer).toMatchObject({ status: 404 });
  expect((await world.call('GET', '/v1/integrations', undefined, { account: 'other' })).body).toMatchObject({
    data: [],
  });
  expect(
    await world.call('POST', '/v1/integrations', wish({ account_id: 'other' }), { account: 'other' }),
  ).toMatchObject({
    status: 201,
  });
});

test('the documents name every route of integrations, and the token in no answer', async () => {
  const { body } = await world.call('GET', '/openapi.json');
  const paths = body['paths'] as Record<string, Record<string, { responses: object }>>;
  const own = Object.entries(paths).filter(([path]) =>
    /^\/v1\/integrations(\/\{id\})?(\/(restore|test-connection))?$/.test(path),
  );
  expect(own.flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method} ${path}`)).sort()).toEqual([
    'delete /v1/integrations/{id}',
    'get /v1/integrations',
    'get /v1/integrations/{id}',
    'patch /v1/integrations/{id}',
    'post /v1/integrations',
    'post /v1/integrations/test-connection',
    'post /v1/integrations/{id}/restore',
    'post /v1/integrations/{id}/test-connection',
  ]);
  for (const [, methods] of own) {
    for (const { responses } of Object.values(methods)) {
      expect(JSON.stringify(responses)).not.toContain('"network_token"');
    }
  }
});
