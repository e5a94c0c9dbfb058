import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { addDays, dayOf } from '@trackly-tune/domain';
import { addIntegration } from '@trackly-tune/testing';
import { startApiWorld, type ApiWorld } from './api-world.js';

let api: ApiWorld;
let integrationId: bigint;
let integration: string;
const today = dayOf(new Date(), 'America/New_York');

beforeAll(async () => {
  api = await startApiWorld();
  integrationId = (await addIntegration(api.db, { accountId: 'acme', affiliateId: '7' })).id;
  integration = `int_${integrationId}`;
});
afterAll(() => api.close());

const start = (payload: object, key: 'acme' | 'other' = 'acme') =>
  api.call('POST', `/v1/integrations/${integration}/backfills`, { key, payload });
const act = (id: unknown, action: 'pause' | 'resume' | 'cancel', key: 'acme' | 'other' = 'acme') =>
  api.call('POST', `/v1/sync-runs/${String(id)}/${action}`, { key });
const read = async (id: unknown) => (await api.call('GET', `/v1/sync-runs/${String(id)}`, { key: 'acme' })).body;
const numberOf = (id: unknown): bigint => BigInt(String(id).replace('run_', ''));
const setRun = (id: unknown, set: object) =>
  api.db.updateTable('sync_runs').set(set).where('id', '=', numberOf(id)).execute();

describe('a backfill', () => {
  test('is a run that counts days; the same window again is the same run, also while it runs', async () => {
    const window = { from: addDays(today, -762), to: addDays(today, -8) };
    const { status, body } = await start(window);
    expect(status).toBe(202);
    expect(body).toMatchObject({
      kind: 'backfill',
      trigger: 'manual',
      status: 'queued',
      window,
      progress: { done: 0, total: 755, unit: 'days', rate_per_minute: null, expected_end_at: null },
      paused_at: null,
    });
    const runs = await Promise.all(Array.from({ length: 6 }, () => start(window)));
    expect(new Set(runs.map((run) => run.body['id']))).toEqual(new Set([body['id']]));
    await setRun(body['id'], { status: 'running', started_at: new Date() });
    expect((await start(window)).body['id']).toBe(body['id']);
    expect((await start({ ...window, to: today })).body['id']).not.toBe(body['id']);
  });

  test.each([
    [{ from: addDays(today, -1), to: addDays(today, -2) }, 'to'],
    [{ from: addDays(today, -763), to: today }, 'from'],
    [{ from: addDays(today, 2), to: addDays(today, 3) }, 'from'],
    [{ from: today, to: addDays(today, 2) }, 'to'],
    [{ from: '2026-02-30', to: today }, 'from'],
    [{ from: today }, 'to'],
    [{ from: today, to: today, hours: 3 }, 'hours'],
  ])('of %j is refused at its field', async (window, path) => {
    expect(await start(window)).toMatchObject({ status: 400, body: { code: 'invalid_request', details: [{ path }] } });
  });

  test('says how fast it goes and when it will end', async () => {
    const { id } = (await start({ from: addDays(today, -40), to: addDays(today, -31) })).body;
    const startedAt = new Date(Date.now() - 120_000);
    await setRun(id, { status: 'running', started_at: startedAt, progress_done: 4 });
    const slices = api.db
      .selectFrom('sync_slices')
      .select('id')
      .where('run_id', '=', numberOf(id))
      .orderBy('id')
      .limit(4);
    await api.db.updateTable('sync_slices').set({ done_at: new Date() }).where('id', 'in', slices).execute();
    const { progress } = (await read(id)) as { progress: Record<string, unknown> };
    expect(progress).toMatchObject({ done: 4, total: 10 });
    expect(Number(progress['rate_per_minute'])).toBeGreaterThan(1.5);
    expect(Number(progress['rate_per_minute'])).toBeLessThanOrEqual(2);
    const leftMs = Date.parse(String(progress['expected_end_at'])) - Date.now();
    expect(leftMs).toBeGreaterThan(2 * 60_000);
    expect(leftMs).toBeLessThan(5 * 60_000);
  });

  test('is paused, shown as paused, resumed and cancelled; each twice changes nothing', async () => {
    const { id } = (await start({ from: addDays(today, -50), to: addDays(today, -41) })).body;
    const paused = await act(id, 'pause');
    expect(paused).toMatchObject({ status: 200, body: { status: 'queued', paused_at: expect.any(String) } });
    expect((await act(id, 'pause')).body['paused_at']).toBe(paused.body['paused_at']);
    expect(await act(id, 'resume')).toMatchObject({ status: 200, body: { paused_at: null } });
    expect(await act(id, 'resume')).toMatchObject({ status: 200, body: { paused_at: null } });
    expect(await act(id, 'cancel')).toMatchObject({ status: 200, body: { status: 'cancelled' } });
    const logs = await api.call('GET', `/v1/integrations/${integration}/logs?run_id=${String(id)}`, { key: 'acme' });
    expect((logs.body['data'] as { code: string }[]).map(({ code }) => code)).toEqual([
      'run_paused',
      'run_resumed',
      'cancel_requested',
    ]);
  });

  test('that has ended, or a run of another kind, is not pausable; of a foreign account it is not found', async () => {
    const { id } = (await start({ from: addDays(today, -60), to: addDays(today, -51) })).body;
    expect((await act(id, 'pause', 'other')).status).toBe(404);
    expect((await start({ from: today, to: today }, 'other')).status).toBe(404);
    await act(id, 'cancel');
    expect(await act(id, 'pause')).toMatchObject({ status: 409, body: { code: 'run_not_pausable' } });
    expect(await act(id, 'resume')).toMatchObject({ status: 409, body: { code: 'run_not_pausable' } });
    const pull = await api.call('POST', `/v1/integrations/${integration}/conversion-syncs`, { key: 'acme' });
    expect(await act(pull.body['id'], 'pause')).toMatchObject({ status: 409, body: { code: 'run_not_pausable' } });
  });
});
