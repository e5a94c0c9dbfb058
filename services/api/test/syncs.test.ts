import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { logIntegration } from '@trackly-tune/database';
import { addDays, dayOf } from '@trackly-tune/domain';
import { addIntegration } from '@trackly-tune/testing';
import { startApiWorld, type ApiWorld } from './api-world.js';

let api: ApiWorld;
let integrationId: bigint;
let integration: string;
const zone = 'America/New_York';
const today = dayOf(new Date(), zone);

beforeAll(async () => {
  api = await startApiWorld();
  integrationId = (await addIntegration(api.db, { accountId: 'acme', affiliateId: '7' })).id;
  integration = `int_${integrationId}`;
});
afterAll(() => api.close());

const start = (payload?: object, key: 'all' | 'acme' | 'other' = 'acme', of = integration) =>
  api.call('POST', `/v1/integrations/${of}/conversion-syncs`, { key, ...(payload === undefined ? {} : { payload }) });
const setRun = (id: unknown, set: object) =>
  api.db
    .updateTable('sync_runs')
    .set(set)
    .where('id', '=', BigInt(String(id).replace('run_', '')))
    .execute();
const ended = (status: string) => ({
  ...{ status, started_at: new Date(), pulled_at: new Date(), finished_at: new Date() },
  error_code: status === 'failed' ? 'token_rejected' : null,
  error_message: status === 'failed' ? 'Refused' : null,
});

describe('a conversion sync', () => {
  test('is a run of exactly the contract’s shape, with one slice for a worker to find', async () => {
    const from = addDays(today, -20);
    const { status, body } = await start({ from, to: today });
    expect(status).toBe(202);
    expect(body).toEqual({
      id: expect.stringMatching(/^run_\d+$/),
      integration_id: integration,
      kind: 'conversions',
      trigger: 'manual',
      status: 'queued',
      window: { from, to: today },
      progress: { done: 0, total: null, unit: 'pages' },
      counts: {
        fetched: 0,
        inserted: 0,
        updated: 0,
        unchanged: 0,
        rejected: 0,
        attributed_by_click: 0,
        attributed_by_message_id: 0,
        unattributed: 0,
        api_calls: 0,
      },
      error: null,
      queued_at: expect.stringMatching(/Z$/),
      started_at: null,
      finished_at: null,
    });
    expect((await api.call('GET', `/v1/sync-runs/${String(body['id'])}`, { key: 'acme' })).body).toEqual(body);
    const slices = await api.db.selectFrom('sync_slices').select(['window_from', 'window_to']).execute();
    expect(slices).toEqual([{ window_from: `${from} 00:00:00`, window_to: `${today} 23:59:59` }]);
  });

  test('without days pulls the look-back to the end of tomorrow, and without a body too', async () => {
    const run = await start();
    expect(run).toMatchObject({ status: 202, body: { window: { to: addDays(today, 1) } } });
    expect((await start({})).body['id']).toBe(run.body['id']);
  });

  test('of the last days that a calendar can write is refused, and books up to then can be asked for', async () => {
    for (const from of ['9999-12-31', '1970-01-01', today]) {
      expect(await start({ from, to: '9999-12-31' })).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    }
    const wish = { integration_id: integration, from: '1970-01-01', to: '9999-12-31', dry_run: true };
    expect((await api.call('POST', '/v1/reattributions', { key: 'acme', payload: wish })).status).toBe(200);
    for (const path of ['/v1/revenue?group_by=day,offer&', '/v1/conversions?']) {
      const asked = `${path}integration_id=${integration}&from=1970-01-01&to=9999-12-31`;
      expect((await api.call('GET', asked, { key: 'acme' })).status).toBe(200);
    }
  });

  test('of a window that still waits is the same run; of one that runs, another', async () => {
    const window = { from: addDays(today, -3), to: addDays(today, -2) };
    const runs = await Promise.all(Array.from({ length: 8 }, () => start(window)));
    expect(new Set(runs.map(({ body }) => body['id'])).size).toBe(1);
    await setRun(runs[0]?.body['id'], { status: 'running', started_at: new Date() });
    expect((await start(window)).body['id']).not.toBe(runs[0]?.body['id']);
  });

  test.each([
    [{ from: addDays(today, -1), to: addDays(today, -2) }, 'to'],
    [{ from: addDays(today, -800), to: today }, 'from'],
    [{ from: addDays(today, 5), to: addDays(today, 6) }, 'from'],
    [{ to: addDays(today, -300) }, 'to'],
    [{ from: today, to: '9999-12-31' }, 'to'],
    [{ from: '2026-02-30' }, 'from'],
    [{ days: 3 }, 'days'],
  ])('of %j is refused at its field', async (window, path) => {
    expect(await start(window)).toMatchObject({ status: 400, body: { code: 'invalid_request', details: [{ path }] } });
  });

  test('of a deleted integration is 409, of an unknown or foreign one 404', async () => {
    const gone = (await addIntegration(api.db, { accountId: 'gone', affiliateId: '7' })).id;
    await api.db.updateTable('integrations').set({ deleted_at: new Date() }).where('id', '=', gone).execute();
    expect(await start({}, 'all', `int_${gone}`)).toMatchObject({
      status: 409,
      body: { code: 'integration_deleted', integration_id: `int_${gone}` },
    });
    expect((await start({}, 'all', 'int_999999')).status).toBe(404);
    expect((await start({}, 'other')).status).toBe(404);
  });

  test('under an Idempotency-Key is the same answer later, when the run is long over', async () => {
    const payload = { from: addDays(today, -9), to: addDays(today, -9) };
    const headers = { 'idempotency-key': 'sync-once' };
    const path = `/v1/integrations/${integration}/conversion-syncs`;
    const first = await api.call('POST', path, { payload, headers });
    await setRun(first.body['id'], ended('succeeded'));
    const second = await api.call('POST', path, { payload, headers });
    expect({ status: second.status, body: second.body }).toEqual({ status: 202, body: first.body });
  });
});

describe('cancelling', () => {
  const cancel = (id: unknown, key: 'acme' | 'other' = 'acme') =>
    api.call('POST', `/v1/sync-runs/${String(id)}/cancel`, { key });

  test('ends a waiting run at once and asks a running one to stop at its next page', async () => {
    const waiting = (await start({ from: addDays(today, -30), to: addDays(today, -30) })).body['id'];
    expect(await cancel(waiting)).toMatchObject({ status: 200, body: { status: 'cancelled' } });
    const running = (await start({ from: addDays(today, -31), to: addDays(today, -31) })).body['id'];
    await setRun(running, { status: 'running', started_at: new Date() });
    expect(await cancel(running)).toMatchObject({ status: 200, body: { status: 'running' } });
    expect((await cancel(running)).status).toBe(200);
  });

  test('is 409 once the run has ended and 404 for other accounts', async () => {
    const { id } = (await start({ from: addDays(today, -32), to: addDays(today, -32) })).body;
    expect((await cancel(id, 'other')).status).toBe(404);
    for (const status of ['succeeded', 'failed', 'cancelled']) {
      await setRun(id, ended(status));
      expect(await cancel(id)).toMatchObject({ status: 409, body: { code: 'run_ended' } });
    }
  });
});

describe('lists', () => {
  test('runs are newest first, filtered and paged, and belong to their account', async () => {
    const id = (await addIntegration(api.db, { accountId: 'acme-lists', affiliateId: '7' })).id;
    const path = `/v1/integrations/int_${id}/sync-runs`;
    expect((await api.call('GET', path)).body).toEqual({
      data: [],
      pagination: { page: 1, per_page: 50, total: 0, total_pages: 0 },
    });
    const days = [1, 2, 3].map((back) => addDays(today, -back));
    const ids: unknown[] = [];
    for (const day of days) ids.push((await start({ from: day, to: day }, 'all', `int_${id}`)).body['id']);
    await setRun(ids[0], ended('failed'));
    const page = await api.call('GET', `${path}?page=2&per_page=2`);
    expect(page.body).toMatchObject({
      data: [{ id: ids[0], error: { code: 'token_rejected', message: 'Refused' } }],
      pagination: { page: 2, per_page: 2, total: 3, total_pages: 2 },
    });
    const queued = await api.call('GET', `${path}?status=queued&kind=conversions`);
    expect((queued.body['data'] as { id: string }[]).map((run) => run.id)).toEqual([ids[2], ids[1]]);
    expect((await api.call('GET', `${path}?status=lost`)).status).toBe(400);
    expect((await api.call('GET', path, { key: 'other' })).status).toBe(404);
    expect((await api.call('GET', `/v1/sync-runs/${String(ids[0])}`, { key: 'other' })).status).toBe(404);
  });

  test('an import shows what became of each offer', async () => {
    const id = (await addIntegration(api.db, { accountId: 'acme-import', affiliateId: '7' })).id;
    const { id: runId } = await api.db
      .insertInto('sync_runs')
      .values({
        integration_id: id,
        kind: 'offer_import',
        trigger: 'manual',
        items: JSON.stringify([{ external_id: '10', result: 'imported' }]),
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    expect((await api.call('GET', `/v1/sync-runs/run_${runId}`)).body).toMatchObject({
      window: { from: null, to: null },
      items: [{ external_id: '10', result: 'imported' }],
    });
  });

  test('log lines come in order behind a cursor, by level and by run', async () => {
    const id = (await addIntegration(api.db, { accountId: 'acme-log', affiliateId: '7' })).id;
    const line = (level: 'info' | 'warn', code: string, runId: bigint | null) => ({
      ...{ integrationId: id, level, code, message: 'What happened', runId, context: { pages: 2 } },
    });
    await logIntegration(api.db, line('info', 'a', 5n), line('warn', 'b', 5n), line('warn', 'c', null));
    const path = `/v1/integrations/int_${id}/logs`;
    const codes = async (query: string): Promise<string[]> => {
      const { body } = await api.call('GET', `${path}?${query}`);
      return (body['data'] as { code: string }[]).map(({ code }) => code);
    };
    const first = await api.call('GET', `${path}?limit=2`);
    expect(first.body['data']).toMatchObject([
      { at: expect.stringMatching(/Z$/), level: 'info', code: 'a', run_id: 'run_5', context: { pages: 2 } },
      { level: 'warn', code: 'b' },
    ]);
    expect(await codes(`limit=2&after=${String(first.body['next'])}`)).toEqual(['c']);
    expect(await codes('level=warn')).toEqual(['b', 'c']);
    expect(await codes('run_id=run_5&level=info')).toEqual(['a']);
    expect((await api.call('GET', `${path}?after=x`)).status).toBe(400);
    expect((await api.call('GET', path, { key: 'other' })).status).toBe(404);
  });
});
