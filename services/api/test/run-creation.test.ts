import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { addIntegration } from '@trackly-tune/testing';
import { startApiWorld, type ApiWorld } from './api-world.js';

let api: ApiWorld;
let id: bigint;
beforeAll(async () => {
  api = await startApiWorld();
  id = (await addIntegration(api.db, { accountId: 'acme', affiliateId: '7' })).id;
});
afterAll(() => api.close());

const WISHES = [
  ['offer-syncs', {}],
  ['conversion-syncs', { from: '2026-05-01', to: '2026-05-02' }],
  ['backfills', { from: '2026-05-01', to: '2026-05-02' }],
] as const;

/** Lets whatever waits begin and end, as workers do. */
async function runWaiting(): Promise<void> {
  await sql`UPDATE sync_runs SET status = 'running', started_at = now() WHERE status = 'queued'`.execute(api.db);
  await sql`UPDATE sync_runs SET status = 'cancelled', finished_at = now() WHERE status = 'running'`.execute(api.db);
}

test.each(WISHES)(
  '%s asked for by many while the waiting run begins and ends: always a run, never a 500',
  async (path, payload) => {
    const statuses = new Set<number>();
    for (let round = 0; round < 15; round += 1) {
      const asked = Array.from({ length: 8 }, () =>
        api.call('POST', `/v1/integrations/int_${id}/${path}`, { payload: { ...payload } }),
      );
      const moved = [runWaiting(), runWaiting(), runWaiting()];
      const replies = await Promise.all(asked);
      await Promise.all(moved);
      for (const { status, body } of replies) {
        statuses.add(status);
        if (status === 202) expect(body).toMatchObject({ id: expect.stringMatching(/^run_\d+$/) });
      }
    }
    // Whoever lost every race is told to come back; nothing was done for them.
    expect([...statuses].filter((status) => status !== 202 && status !== 503)).toEqual([]);
    expect(statuses.has(202)).toBe(true);
  },
);

test('an integration shows the last error of its scheduled work until that kind has succeeded again', async () => {
  const shown = async (): Promise<unknown> => (await api.call('GET', `/v1/integrations/int_${id}`)).body['last_error'];
  const end = (kind: string, code: string | null, at: string) =>
    sql`
    INSERT INTO sync_runs (integration_id, kind, trigger, status, error_code, error_message, started_at, pulled_at,
      finished_at)
    VALUES (${id}, ${kind}, 'schedule', ${code === null ? 'succeeded' : 'failed'}, ${code},
      ${code === null ? null : 'Ask the network'}, ${at}::timestamptz, ${at}::timestamptz, ${at}::timestamptz)`.execute(
      api.db,
    );
  expect(await shown()).toBeNull();
  await end('conversions', 'token_rejected', '2026-05-01T10:00:00Z');
  await end('offers', null, '2026-05-01T10:30:00Z');
  const error = { code: 'token_rejected', message: 'Ask the network', at: '2026-05-01T10:00:00.000Z' };
  expect(await shown()).toEqual(error);
  await end('offers', 'permission_denied', '2026-05-01T11:30:00Z');
  expect(await shown()).toMatchObject({ code: 'permission_denied' });
  await end('offers', null, '2026-05-01T12:30:00Z');
  expect(await shown()).toEqual(error);
  await end('conversions', null, '2026-05-01T13:00:00Z');
  expect(await shown()).toBeNull();
});
