import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createConversionRun, inTransaction, storePage, type UnreadableRow } from '@trackly-tune/database';
import { windowOfDays } from '@trackly-tune/domain';
import { addIntegration } from '@trackly-tune/testing';
import { startApiWorld, type ApiWorld, type Reply } from './api-world.js';

let api: ApiWorld;
let integrationId: bigint;
const runs: string[] = [];

const row = (n: number, reason: UnreadableRow['reason'], field: string, value: string | null): UnreadableRow => ({
  ...{ tuneEventId: field === 'Stat.tune_event_id' ? null : `ev-${n}`, reason, field },
  raw: { 'Stat.tune_event_id': `ev-${n}`, 'Stat.affiliate_info1': null, [field]: value },
});
const ROWS = [
  row(1, 'payout_unreadable', 'Stat.payout', 'ten'),
  row(2, 'event_id_missing', 'Stat.tune_event_id', ''),
  row(3, 'status_unknown', 'Stat.status', 'deleted'),
];

/** A pull whose page held these rows. */
async function rejectIn(rows: readonly UnreadableRow[], observedAt: string): Promise<string> {
  const window = windowOfDays(`2026-11-0${runs.length + 1}`, '2026-11-10', 'UTC');
  const id = await inTransaction(api.db, async (tx) => {
    const run = await createConversionRun(tx, { integrationId, window, trigger: 'manual' });
    const page = { integrationId, accountId: 'acme', settingsVersion: 1, runId: run.id, observedAt };
    await storePage(tx, { ...page, rows: [], unreadable: rows });
    return run.id;
  });
  return `run_${id}`;
}

beforeAll(async () => {
  api = await startApiWorld();
  integrationId = (await addIntegration(api.db, { accountId: 'acme', affiliateId: '7' })).id;
  runs.push(await rejectIn(ROWS.slice(0, 2), '2026-11-20T10:00:00Z'));
  runs.push(await rejectIn(ROWS, '2026-11-20T11:00:00Z'));
});
afterAll(() => api.close());

const ask = (query = '', key: 'all' | 'acme' | 'other' = 'acme', id = `int_${integrationId}`): Promise<Reply> =>
  api.call('GET', `/v1/integrations/${id}/rejected-rows?${query}`, { key });
/** The rows of one page are in no order: by their reasons, then. */
const dataOf = ({ body }: Reply) =>
  (body['data'] as Record<string, unknown>[]).sort((one, other) =>
    String(one['reason']) < String(other['reason']) ? -1 : 1,
  );

test('shows each different row once, with what made it unreadable', async () => {
  const all = await ask();
  expect(all).toMatchObject({ status: 200, body: { next: null } });
  expect(dataOf(all)).toEqual([
    expect.objectContaining({ external_id: null, reason: 'event_id_missing', field: 'Stat.tune_event_id', value: '' }),
    {
      at: '2026-11-20T10:00:00.000Z',
      run_id: runs[0],
      external_id: 'ev-1',
      reason: 'payout_unreadable',
      field: 'Stat.payout',
      value: 'ten',
      row: { 'Stat.tune_event_id': 'ev-1', 'Stat.affiliate_info1': null, 'Stat.payout': 'ten' },
      read_at: null,
    },
    expect.objectContaining({ run_id: runs[1], reason: 'status_unknown', field: 'Stat.status', value: 'deleted' }),
  ]);
});

test('finds the rows of each run that saw them, also those that an earlier one saw first', async () => {
  const [first, second] = [dataOf(await ask(`run_id=${runs[0]}`)), dataOf(await ask(`run_id=${runs[1]}`))];
  expect(first.map(({ run_id }) => run_id)).toEqual([runs[0], runs[0]]);
  expect(second.map(({ run_id, at }) => [run_id, at])).toEqual(ROWS.map(() => [runs[1], '2026-11-20T11:00:00.000Z']));
  expect(dataOf(await ask('run_id=run_999999'))).toEqual([]);
});

test('by reason, and page by page', async () => {
  expect(dataOf(await ask('reason=status_unknown'))).toHaveLength(1);
  expect(dataOf(await ask(`reason=status_unknown&run_id=${runs[0]}`))).toEqual([]);
  const seen: unknown[] = [];
  for (let after = '0'; ;) {
    const { body } = await ask(`limit=1&after=${after}`);
    const page = body['data'] as { reason: string }[];
    expect(page).toHaveLength(1);
    seen.push(...page.map(({ reason }) => reason));
    if (body['next'] === null) break;
    after = body['next'] as string;
  }
  expect(seen.sort()).toEqual(['event_id_missing', 'payout_unreadable', 'status_unknown']);
});

test('a row that was kept before its field was is shown with the field that its reason is about', async () => {
  await api.db
    .insertInto('unreadable_rows')
    .values({
      integration_id: integrationId,
      tune_event_id: 'ev-old',
      reason: 'time_unreadable',
      content_hash: Buffer.from('old'),
      raw: JSON.stringify({ 'Stat.datetime': '0000-00-00 00:00:00' }),
      observed_at: new Date('2026-10-01T00:00:00Z'),
    })
    .execute();
  expect(dataOf(await ask('reason=time_unreadable'))).toMatchObject([
    { run_id: null, field: 'Stat.datetime', value: '0000-00-00 00:00:00' },
  ]);
});

test('keys see the rows of their own account only, and nonsense is refused', async () => {
  expect((await ask('', 'all')).status).toBe(200);
  expect(await ask('', 'other')).toMatchObject({ status: 404, body: { code: 'not_found' } });
  expect((await ask('', 'all', 'int_999999')).status).toBe(404);
  for (const query of ['reason=bad', 'after=x', 'limit=0', 'limit=1001', 'unknown=1']) {
    expect(await ask(query)).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
  }
});
