import { describe, expect, test } from '@jest/globals';
import { tokenContext } from '@trackly-tune/service-runtime';
import { asked, create, logOf, numberOf, useIntegrationsWorld, wish, world } from './integrations-world.js';

useIntegrationsWorld();

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
      last_error: null,
      deleted_at: null,
      warnings: ['unreachable', 'time_zone_assumed', 'currency_assumed'].map((code) => ({
        code,
        message: expect.any(String),
      })),
    });
    const { next_at: nextAt } = (body['schedules'] as Record<string, { next_at: string }>)['conversions']!;
    expect(Math.abs(Date.parse(nextAt) - before)).toBeLessThan(60_000);
    const { warnings: _warnings, ...shown } = body;
    expect((await world.call('GET', `/v1/integrations/${body.id}`)).body).toEqual(shown);
    expect(world.signals).toContain(`scheduled-pull {"integrationId":"${body.id}"}`);
    expect((await logOf(body.id)).map(({ level, code }) => `${level} ${code}`)).toEqual([
      'info integration_created',
      'warn time_zone_assumed',
      'warn currency_assumed',
      'warn unreachable',
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

  test('keeps what is given as it is given, links of the tz database too', async () => {
    for (const time_zone of ['Europe/Kiev', 'GMT', 'EST5EDT']) {
      const body = await create({ time_zone });
      expect(body).toMatchObject({ time_zone, time_zone_source: 'given', currency_source: 'given' });
      const changed = await world.call('PATCH', `/v1/integrations/${body.id}`, { time_zone: 'US/Eastern' });
      expect(changed).toMatchObject({ status: 200, body: { time_zone: 'US/Eastern', settings_version: 2 } });
    }
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
    expect(world.signals).toContain(`scheduled-offer-sync {"integrationId":"${id}"}`);
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
    ['base_url', 'https://clicks.example.com/aff_c'],
    ['affiliate_id', ''],
    ['affiliate_id', '0'],
    ['affiliate_id', '1 2'],
    ['affiliate_id', '01002'],
    ['affiliate_id', '-3'],
    ['affiliate_id', '1002.0'],
    ['affiliate_id', '1e3'],
    ['affiliate_id', 'A1002'],
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
    ['time_zone', 'BST'],
    ['default_currency', 'usd'],
    ['default_currency', 'QQQ'],
    ['click_window_days', 0],
    ['click_window_days', 3651],
    ['click_window_days', 1.5],
    ['click_window_days', '90'],
    ['colour', 'red'],
    ['settings_version', 2],
  ];
  test.each([
    ['base_url', 'https://go.example.com/aff_c?x=1', 'https://go.example.com'],
    ['base_url', 'https://me:hidden@go.example.com', 'https://go.example.com'],
    ['affiliate_id', '01002', '1002'],
  ])('%s: %s, and says that %s was probably meant', async (field, value, meant) => {
    const { body } = await world.call('POST', '/v1/integrations', wish({ [field]: value }));
    const [detail] = body['details'] as { path: string; message: string }[];
    expect(detail).toMatchObject({ path: field, message: expect.stringContaining(`probably ${meant} is meant`) });
    expect(JSON.stringify(body)).not.toContain('hidden');
  });

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
