import { describe, expect, test } from '@jest/globals';
import { create, logOf, numberOf, useIntegrationsWorld, wish, world } from './integrations-world.js';

useIntegrationsWorld();

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
    expect(world.signals).toEqual([`scheduled-pull {"integrationId":"${id}"}`]);
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

describe('a click window longer than clicks are kept for it', () => {
  const tooLong = {
    status: 400,
    body: {
      code: 'invalid_request',
      details: [{ path: 'click_window_days', message: expect.stringContaining('from 1 to 370') }],
    },
  };

  test('is refused for a new integration, for a change and for an offer, and changes nothing', async () => {
    expect(await world.call('POST', '/v1/integrations', wish({ click_window_days: 371 }))).toMatchObject(tooLong);
    const { id } = await create({ click_window_days: 370 });
    const change = { click_window_days: 371, name: 'Other' };
    expect(await world.call('PATCH', `/v1/integrations/${id}`, change)).toMatchObject(tooLong);
    expect((await world.call('GET', `/v1/integrations/${id}`)).body).toMatchObject({
      ...{ click_window_days: 370, settings_version: 1 },
      name: expect.not.stringContaining('Other'),
    });
  });

  test('stays where it was set before, and may be said again or made shorter', async () => {
    const { id } = await create();
    await world.db
      .updateTable('integration_settings')
      .set({ click_window_days: 600 })
      .where('integration_id', '=', numberOf(id))
      .execute();
    const patch = async (body: object) => (await world.call('PATCH', `/v1/integrations/${id}`, body)).status;
    expect(await patch({ name: 'Still' })).toBe(200);
    expect(await patch({ click_window_days: 600 })).toBe(200);
    expect(await patch({ click_window_days: 599 })).toBe(400);
    expect(await patch({ click_window_days: 300 })).toBe(200);
  });
});

describe('a deletion', () => {
  test('stops the syncs, ends open runs and keeps the integration to be read', async () => {
    const { id } = await create({ auto_sync_offers: true });
    const run = (status: string, pulledAt: Date | null) =>
      world.db
        .insertInto('sync_runs')
        .values({
          ...{ integration_id: numberOf(id), kind: 'conversions', trigger: 'schedule', status, pulled_at: pulledAt },
          started_at: status === 'queued' ? null : new Date(),
          finished_at: status === 'succeeded' ? new Date() : null,
        })
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

/** Part of a document as text, with everything that it refers to. */
function withReferences(document: Record<string, unknown>, part: unknown, seen = new Set<string>()): string {
  const text = JSON.stringify(part);
  const parts = [...text.matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, pointer = '']) => {
    if (seen.has(pointer)) return '';
    seen.add(pointer);
    const target = pointer.split('/').reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], document);
    return withReferences(document, target, seen);
  });
  return [text, ...parts].join('\n');
}

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
      expect(withReferences(body, responses)).not.toContain('"network_token"');
    }
  }
});
