import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { inTransaction, reattributeBatch } from '@trackly-tune/database';
import { parseSumE5 } from '@trackly-tune/domain';
import { row, startBooksWorld, type BooksWorld, type Connected } from './books-world.js';

let world: BooksWorld;

beforeAll(async () => {
  world = await startBooksWorld();
});
afterAll(() => world.close());

interface Move {
  readonly from: { readonly message_id: string | null };
  readonly to: { readonly message_id: string | null };
  readonly currency: string;
  readonly conversions: number;
  readonly revenue: string;
  readonly pending_revenue: string;
}

interface Preview {
  readonly conversions: number;
  readonly moves: readonly Move[];
}

async function preview(payload: object): Promise<Preview> {
  const { status, body } = await world.call('POST', '/v1/reattributions', { ...payload, dry_run: true });
  expect(status).toBe(200);
  return body as unknown as Preview;
}

async function start(payload: object): Promise<string> {
  const { status, body } = await world.call('POST', '/v1/reattributions', { ...payload, dry_run: false });
  expect(status).toBe(202);
  expect(body).toMatchObject({ kind: 'reattribution', trigger: 'manual', progress: { done: 0, unit: 'conversions' } });
  return String(body.id);
}

const readRun = async (id: string) => (await world.call('GET', `/v1/sync-runs/${id}`)).body;

async function patch({ publicId }: Connected, payload: object) {
  const { status } = await world.call('PATCH', `/v1/integrations/${publicId}`, payload);
  expect(status).toBe(200);
}

type Sums = Map<string, bigint>;

/** Revenue and pending by message, out of lines of the books. */
function sumsOf(lines: readonly string[]): Sums {
  const sums: Sums = new Map();
  for (const line of lines) {
    const [message = '', amounts = ''] = line.split(' ');
    const [revenue = '', pending = ''] = amounts.split('/');
    sums.set(`${message} revenue`, parseSumE5(revenue) ?? 0n);
    sums.set(`${message} pending`, parseSumE5(pending) ?? 0n);
  }
  return sums;
}

function add(sums: Sums, message: string | null, move: Move, sign: 1n | -1n): void {
  for (const [what, text] of [
    ['revenue', move.revenue],
    ['pending', move.pending_revenue],
  ] as const) {
    const key = `${message} ${what}`;
    sums.set(key, (sums.get(key) ?? 0n) + sign * (parseSumE5(text) ?? 0n));
  }
}

/** The books after the moves of a dry run. */
function applied(before: readonly string[], moves: readonly Move[]): Sums {
  const sums = sumsOf(before);
  for (const move of moves) {
    if (move.from.message_id !== move.to.message_id) add(sums, move.from.message_id, move, -1n);
    add(sums, move.to.message_id, move, 1n);
  }
  return sums;
}

const nonZero = (sums: Sums) => [...sums].filter(([, amount]) => amount !== 0n).sort();

/** Conversions whose messages stand in `aff_sub2`, while the integration looks into `aff_sub`; one by its click. */
async function wrongField(): Promise<Connected> {
  const connected = await world.connect();
  await world.sendMessages(connected, 'Sub00001', 'Sub00002', 'Sub00003', 'Msg00002');
  await world.sendClick(connected, 'click-3', 'Sub00003', '2026-04-01T00:00:00Z');
  await world.pull(
    connected,
    row(1),
    row(2, { payout: '2.25' }),
    row(3),
    row(11, { ids: { aff_sub2: 'Sub00001' }, status: 'pending', payout: '4' }),
    row(12, { ids: { aff_sub2: 'Sub00002' }, local_time: '2026-05-04 09:00:00', payout: '8' }),
    row(13, { ids: { aff_sub2: 'Sub00001' }, status: 'rejected' }),
  );
  await world.firePostback(connected, { txn_id: 'click-1', amount: '1.5' });
  await world.firePostback(connected, { txn_id: 'T9', amount: '16', message_id: 'Sub00002' });
  await world.settle();
  return connected;
}

describe('a re-attribution', () => {
  test('moves exactly what its dry run said, and the books keep both states', async () => {
    const connected = await wrongField();
    const integration_id = connected.publicId;
    const before = await world.revenue(connected);
    const seq = await world.lastSeq(connected);
    expect(before).toEqual([
      'Msg00002 2.25000/0.00000/1',
      'Sub00002 16.00000/0.00000/1',
      'Sub00003 1.50000/0.00000/1',
      'null 9.50000/4.00000/2',
    ]);
    expect((await preview({ integration_id })).moves).toEqual([]);
    // The 31 days between the click and its conversion are more than 20, fewer than 90.
    await patch(connected, { message_id_field: 'aff_sub2', click_window_days: 20 });
    await world.settle();
    expect(await world.revenue(connected)).toEqual(before);

    const said = await preview({ integration_id });
    expect(said.conversions).toBe(7);
    expect(said.moves).toEqual([
      {
        from: { message_id: null },
        to: { message_id: 'Sub00002' },
        currency: 'USD',
        conversions: 1,
        revenue: '8.00000',
        pending_revenue: '0.00000',
      },
      {
        from: { message_id: 'Msg00002' },
        to: { message_id: 'Sub00002' },
        currency: 'USD',
        conversions: 1,
        revenue: '2.25000',
        pending_revenue: '0.00000',
      },
      {
        from: { message_id: null },
        to: { message_id: 'Sub00001' },
        currency: 'USD',
        conversions: 1,
        revenue: '1.50000',
        pending_revenue: '4.00000',
      },
    ]);
    expect(await world.lastSeq(connected)).toBe(seq);

    const id = await start({ integration_id });
    await world.settle(2);
    expect(await readRun(id)).toMatchObject({
      status: 'succeeded',
      progress: { done: 7, total: 7, unit: 'conversions' },
      counts: {
        fetched: 0,
        updated: 7,
        unchanged: 0,
        attributed_by_click: 0,
        attributed_by_message_id: 7,
        unattributed: 0,
      },
    });
    const after = await world.revenue(connected);
    expect(nonZero(sumsOf(after))).toEqual(nonZero(applied(before, said.moves)));
    expect(after).toEqual(['Sub00001 1.50000/4.00000/1', 'Sub00002 26.25000/0.00000/3', 'Sub00003 1.50000/0.00000/1']);
    expect(await world.revenue(connected, seq)).toEqual(before);
    const causes = await world.db
      .selectFrom('ledger_entries')
      .select('cause')
      .distinct()
      .where('integration_id', '=', connected.id)
      .orderBy('cause')
      .execute();
    expect(causes).toEqual([{ cause: 'first_seen' }, { cause: 'reattribution' }]);
    // Once more: nothing is left to move.
    expect((await preview({ integration_id })).moves).toEqual([]);
    const again = await start({ integration_id });
    await world.settle();
    expect(await readRun(again)).toMatchObject({ status: 'succeeded', counts: { updated: 0, unchanged: 7 } });
    expect(await world.revenue(connected)).toEqual(after);
  });

  test('of some days or of one conversion leaves the others under their settings', async () => {
    const connected = await wrongField();
    const integration_id = connected.publicId;
    await patch(connected, { message_id_field: 'aff_sub2' });
    const days = { integration_id, from: '2026-05-03', to: '2026-05-04' };
    expect((await preview(days)).moves).toMatchObject([{ to: { message_id: 'Sub00002' }, revenue: '8.00000' }]);
    await start(days);
    await world.settle();
    expect((await world.revenue(connected)).at(-1)).toBe('null 1.50000/4.00000/1');

    const { body } = await world.call('GET', `/v1/conversions?integration_id=${integration_id}`);
    const list = body.data as { id: string; external_id: string; sources: string[] }[];
    const one = list.find(({ external_id }) => external_id === 'ev-1')!;
    expect(one.sources).toEqual(['pull', 'postback']);
    const said = await preview({ conversion_id: one.id });
    expect(said).toMatchObject({ conversions: 1, moves: [{ to: { message_id: 'Sub00001' }, revenue: '1.50000' }] });
    const id = await start({ conversion_id: one.id });
    await world.settle();
    expect(await readRun(id)).toMatchObject({ status: 'succeeded', progress: { done: 1, total: 1 } });
    expect((await world.revenue(connected)).at(-1)).toBe('null 0.00000/4.00000/0');
  });

  test('lets a message find its conversion that comes after it, under the new field', async () => {
    const connected = await world.connect();
    await world.pull(connected, row(4));
    await world.settle();
    await patch(connected, { message_id_field: 'aff_sub2' });
    await start({ integration_id: connected.publicId });
    await world.settle();
    expect(await world.revenue(connected)).toEqual(['null 1.50000/0.00000/1']);
    await world.sendMessages(connected, 'Sub00004');
    await world.settle();
    expect(await world.revenue(connected)).toEqual(['Sub00004 1.50000/0.00000/1']);
  });

  test("moves the moment with the time zone, but not TUNE's day; a postback's day is that of its moment", async () => {
    const connected = await world.connect();
    await world.pull(connected, row(5, { local_time: '2026-05-02 23:30:00' }));
    await world.firePostback(connected, { txn_id: 'alone' });
    await world.settle();
    const list = async () => {
      const { body } = await world.call('GET', `/v1/conversions?integration_id=${connected.publicId}`);
      return body.data as { converted_at: string; day: string }[];
    };
    const [pulledBefore, postbackBefore] = await list();
    expect(pulledBefore).toMatchObject({ converted_at: '2026-05-03T03:30:00.000Z', day: '2026-05-02' });
    // Fourteen hours ahead of UTC and eleven behind it are never the same day.
    await patch(connected, { time_zone: 'Pacific/Kiritimati' });
    await start({ integration_id: connected.publicId });
    await world.settle();
    const [ahead, postbackAhead] = await list();
    expect(ahead).toMatchObject({ converted_at: '2026-05-02T09:30:00.000Z', day: '2026-05-02' });
    expect(postbackAhead).toMatchObject({ converted_at: postbackBefore?.converted_at });
    await patch(connected, { time_zone: 'Pacific/Pago_Pago' });
    await start({ integration_id: connected.publicId });
    await world.settle();
    expect((await list())[1]?.day).not.toBe(postbackAhead?.day);
    const { body } = await world.call('GET', `/v1/revenue?integration_id=${connected.publicId}&group_by=day`);
    expect((body.data as { key: string }[]).map(({ key }) => key).sort()).toEqual(
      ['2026-05-02', (await list())[1]!.day].sort(),
    );
  });

  test('goes on behind the last batch that was committed, whoever dies in between', async () => {
    const connected = await wrongField();
    await patch(connected, { message_id_field: 'aff_sub2' });
    const id = await start({ integration_id: connected.publicId });
    await inTransaction(world.db, (tx) => reattributeBatch(tx, 2));
    await expect(
      inTransaction(world.db, async (tx) => {
        await reattributeBatch(tx, 2);
        throw new Error('killed');
      }),
    ).rejects.toThrow('killed');
    expect(await readRun(id)).toMatchObject({ status: 'running', progress: { done: 2, total: 7 } });
    await Promise.all([world.settle(), world.settle(), world.settle()]);
    await world.settle();
    expect(await readRun(id)).toMatchObject({ status: 'succeeded', progress: { done: 7, total: 7 } });
    expect((await world.revenue(connected)).map((line) => line.split(' ')[0])).toEqual([
      'Sub00001',
      'Sub00002',
      'Sub00003',
    ]);
  });

  test('stops at its next batch when it is cancelled; what was put under the new settings stays', async () => {
    const connected = await wrongField();
    await patch(connected, { message_id_field: 'aff_sub2' });
    const id = await start({ integration_id: connected.publicId });
    await inTransaction(world.db, (tx) => reattributeBatch(tx, 1));
    expect((await world.call('POST', `/v1/sync-runs/${id}/cancel`)).status).toBe(200);
    await world.settle();
    expect(await readRun(id)).toMatchObject({ status: 'cancelled', progress: { done: 1, total: 1 } });
    const lines = await world.revenue(connected);
    expect(lines).toContain('Sub00001 1.50000/0.00000/1');
    expect(lines).toContain('null 8.00000/4.00000/1');
    expect((await world.call('POST', `/v1/sync-runs/${id}/cancel`)).status).toBe(409);
  });

  test('never takes back what later settings decide', async () => {
    const connected = await wrongField();
    await patch(connected, { message_id_field: 'aff_sub2' });
    const older = await start({ integration_id: connected.publicId });
    await patch(connected, { message_id_field: 'aff_sub3' });
    await world.sendMessages(connected, 'Thd00001');
    await world.pull(connected, row(21, { ids: { aff_sub2: 'Sub00001', aff_sub3: 'Thd00001' } }));
    await world.settle();
    expect(await readRun(older)).toMatchObject({ status: 'succeeded', progress: { done: 7 } });
    expect(await world.revenue(connected)).toContain('Thd00001 1.50000/0.00000/1');
  });

  test('refuses what names neither or both, days the wrong way round, and what is not there', async () => {
    const connected = await world.connect();
    const integration_id = connected.publicId;
    for (const dry_run of [true, false]) {
      for (const payload of [
        {},
        { integration_id, conversion_id: 'cnv_1' },
        { integration_id, from: '2026-05-02', to: '2026-05-01' },
        { conversion_id: 'cnv_1', from: '2026-05-02' },
      ]) {
        const { status, body } = await world.call('POST', '/v1/reattributions', { ...payload, dry_run });
        expect([status, body.code]).toEqual([400, 'invalid_request']);
      }
      for (const payload of [
        { integration_id: 'int_999999' },
        { conversion_id: 'cnv_999999' },
        { integration_id: 'x' },
      ]) {
        expect((await world.call('POST', '/v1/reattributions', { ...payload, dry_run })).status).toBe(404);
      }
      const headers = { 'x-test-account': 'somebody-else' };
      expect((await world.call('POST', '/v1/reattributions', { integration_id, dry_run }, headers)).status).toBe(404);
    }
  });
});
