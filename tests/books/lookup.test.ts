import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { row, startBooksWorld, type BooksWorld, type Connected } from './books-world.js';

interface Listed {
  readonly id: string;
  readonly external_id: string | null;
  readonly attribution: { readonly reason: string; readonly method: string };
}

let world: BooksWorld;
let one: Connected;
let other: Connected;
/** Ids of the conversions by TUNE's. */
const ids = new Map<string, string>();

/** As a key of this account asks; null: one that sees every account. */
const ask = (url: string, account: string | null = one.accountId) =>
  world.call('GET', url, undefined, account === null ? {} : { 'x-test-account': account });

async function list(query: string, account: string | null = one.accountId): Promise<string[]> {
  const { status, body } = await ask(`/v1/conversions?${query}`, account);
  expect(status).toBe(200);
  return (body['data'] as Listed[]).map(({ external_id }) => external_id ?? 'postback');
}

beforeAll(async () => {
  world = await startBooksWorld();
  [one, other] = [await world.connect(), await world.connect()];
  await world.sendMessages(one, 'Msg00001', 'Msg00002');
  await world.sendClick(one, 'click-1', 'Msg00001');
  await world.sendClick(one, 'click-4', 'Msg00001', '2025-01-01T00:00:00Z');
  // 1 by its click; 2 by its message; 3 by nothing; 4 by a click that is too old; 5 has no ids at all.
  await world.pull(one, row(1), row(2), row(3), row(4), row(5, { ad_id: null, ids: {} }));
  await world.pull(other, row(1, { payout: '9.00000' }));
  await world.settle();
  await world.pull(one, row(6));
  const { body } = await ask('/v1/conversions?limit=100');
  for (const { id, external_id: external } of body['data'] as Listed[]) ids.set(external ?? '', id);
});
afterAll(() => world.close());

describe('conversions', () => {
  test('are found by each id that they have', async () => {
    expect(await list('click_id=click-1')).toEqual(['ev-1']);
    expect(await list('click_id=click-4')).toEqual([]);
    expect(await list('ad_id=click-4')).toEqual(['ev-4']);
    expect(await list('external_id=ev-3')).toEqual(['ev-3']);
    expect(await list('external_id=ev-1', null)).toEqual(['ev-1', 'ev-1']);
    expect(await list('ad_id=click-1', null)).toEqual(['ev-1', 'ev-1']);
    expect(await list('external_id=ev-1&ad_id=click-2')).toEqual([]);
    expect(await list(`external_id=ev-1&integration_id=${other.publicId}`, null)).toEqual(['ev-1']);
    expect(await list('external_id=EV-1')).toEqual([]);
  });

  test('are found by why they went where they went', async () => {
    expect(await list('reason=click_by_ad_id')).toEqual(['ev-1']);
    expect(await list('reason=no_click_found')).toEqual(['ev-2']);
    expect(await list('reason=message_not_found')).toEqual(['ev-3']);
    expect(await list('reason=click_outside_window')).toEqual(['ev-4']);
    expect(await list('reason=no_ids')).toEqual(['ev-5']);
    expect(await list('reason=not_decided_yet')).toEqual(['ev-6']);
    expect(await list('reason=no_ids&attribution=message_id')).toEqual([]);
    expect(await list('attribution=none')).toEqual(['ev-3', 'ev-4', 'ev-5', 'ev-6']);
    const { status, body } = await ask('/v1/conversions?reason=because');
    expect([status, body['code']]).toEqual([400, 'invalid_request']);
  });

  test('are found by what they earned a message, by days and by offer, whatever is combined', async () => {
    const days = 'from=2026-05-01&to=2026-05-31';
    const all = ['ev-1', 'ev-2', 'ev-3', 'ev-4', 'ev-5', 'ev-6'];
    expect(await list(days)).toEqual(all);
    expect(await list('from=2026-05-02')).toEqual(all);
    expect(await list('from=2020-01-01')).toEqual(all);
    expect(await list('from=2026-05-03')).toEqual([]);
    expect(await list(`${days}&offer_id=ofr_${one.offerId}`)).toEqual(all);
    expect(await list(`${days}&status=pending`)).toEqual([]);
    expect(await list('message_id=Msg00001')).toEqual(['ev-1']);
    expect(await list(`message_id=Msg00002&${days}&attribution=message_id`)).toEqual(['ev-2']);
    expect(await list(`message_id=Msg00002&attribution=click`)).toEqual([]);
    expect(await list(`${days}&after=${ids.get('ev-4')}`)).toEqual(['ev-5', 'ev-6']);
  });

  test('whose transaction id changed are found by the new one, and not by the old', async () => {
    await world.pull(one, row(2, { ad_id: 'moved-2' }));
    expect([await list('ad_id=moved-2'), await list('ad_id=click-2')]).toEqual([['ev-2'], []]);
  });
});

describe('a message and a click', () => {
  test('are shown with the conversions that found them', async () => {
    const message = await ask('/v1/messages/Msg00001');
    expect(message).toMatchObject({
      status: 200,
      body: { account_id: one.accountId, message_id: 'Msg00001', source: 'sent', contact_erased_at: null },
    });
    expect((message.body['conversions'] as Listed[]).map(({ id }) => id)).toEqual([ids.get('ev-1')]);
    const click = await ask('/v1/clicks/click-4');
    expect(click.body).toMatchObject({ click_id: 'click-4', message_id: 'Msg00001', is_bot: false, conversions: [] });
    expect((await ask('/v1/clicks/click-1')).body['conversions']).toHaveLength(1);
  });

  test('belong to an account: another one finds nothing, and a key of all accounts names one', async () => {
    expect((await ask('/v1/messages/Msg00001', other.accountId)).status).toBe(404);
    expect((await ask(`/v1/messages/Msg00001?account_id=${one.accountId}`, other.accountId)).status).toBe(404);
    expect((await ask('/v1/messages/Msg00001', null)).body).toMatchObject({
      code: 'invalid_request',
      details: [{ path: 'account_id' }],
    });
    expect((await ask(`/v1/clicks/click-1?account_id=${one.accountId}`, null)).status).toBe(200);
    expect((await ask('/v1/clicks/nobody')).body['code']).toBe('not_found');
  });

  test('show no contact that was erased', async () => {
    const sent = {
      account_id: one.accountId,
      message_id: 'Msg00009',
      contact_id: 'ann',
      sent_at: '2026-05-01T00:00:00Z',
    };
    await world.call('POST', '/v1/messages', { records: [sent] });
    expect((await ask('/v1/messages/Msg00009')).body).toMatchObject({ contact_id: 'ann', contact_erased_at: null });
    await world.call('POST', '/v1/contacts/erase', { account_id: one.accountId, contact_ids: ['ann'] });
    expect((await ask('/v1/messages/Msg00009')).body).toMatchObject({
      contact_id: null,
      contact_erased_at: expect.any(String),
    });
  });
});

describe('whatever has an id is found by it', () => {
  const found = async (id: string, account: string | null = one.accountId): Promise<string[]> => {
    const { status, body } = await ask(`/v1/lookup?id=${encodeURIComponent(id)}`, account);
    expect(status).toBe(200);
    return (body['data'] as { kind: string; id: string }[]).map((named) => `${named.kind} ${named.id}`);
  };

  test('ours, the platform’s and TUNE’s, blanks around them or not', async () => {
    const conversion = `conversion ${ids.get('ev-1')}`;
    expect(await found(one.publicId)).toEqual([`integration ${one.publicId}`]);
    expect(await found(ids.get('ev-1') ?? '')).toEqual([conversion]);
    expect(await found(` ev-1 `)).toEqual([conversion]);
    // The transaction and the click have one id.
    expect(await found('click-1')).toEqual([conversion, 'click click-1']);
    expect(await found('Msg00001')).toEqual(['message Msg00001']);
    expect(await found('7')).toEqual([`offer ofr_${one.offerId}`]);
    expect(await found(`ofr_${one.offerId}`)).toEqual([`offer ofr_${one.offerId}`]);
    expect(await found('nothing')).toEqual([]);
  });

  test('each with a sentence and the way to it', async () => {
    const { body } = await ask('/v1/lookup?id=click-1');
    const [conversion, click] = body['data'] as { summary: string; links: Record<string, string> }[];
    expect(conversion?.summary).toBe('Conversion of 2026-05-02, approved, 1.50000 USD, for message Msg00001');
    expect(click?.summary).toMatch(/^Click of \d{4}-\d\d-\d\d on message Msg00001$/);
    for (const link of [...Object.values(conversion?.links ?? {}), ...Object.values(click?.links ?? {})]) {
      expect((await ask(link)).status).toBe(200);
    }
  });

  test('in the accounts that the key sees', async () => {
    expect(await found(one.publicId, other.accountId)).toEqual([]);
    expect(await found(ids.get('ev-1') ?? '', other.accountId)).toEqual([]);
    expect(await found('Msg00001', other.accountId)).toEqual([]);
    expect(await found('click-1', null)).toHaveLength(3);
    expect((await ask(`/v1/lookup?id=ev-1&account_id=${one.accountId}`, other.accountId)).status).toBe(404);
    expect((await ask('/v1/lookup')).body['code']).toBe('invalid_request');
  });
});

test('sums come in the order of their keys, of the money or of the number of conversions', async () => {
  const by = async (sort: string): Promise<string[]> => {
    const { body } = await ask(`/v1/revenue?account_id=${one.accountId}&group_by=message&sort=${sort}&per_page=100`);
    return (body['data'] as { key: string | null }[]).map(({ key }) => key ?? 'none');
  };
  expect(await by('key')).toEqual(['Msg00001', 'Msg00002', 'none']);
  // Three have no message.
  expect(await by('-revenue')).toEqual(['none', 'Msg00001', 'Msg00002']);
  expect(await by('-conversions')).toEqual(['none', 'Msg00001', 'Msg00002']);
  const wrong = await ask(`/v1/revenue?account_id=${one.accountId}&group_by=message&sort=revenue`);
  expect(wrong.status).toBe(400);
  const csv = await world.call(
    'GET',
    `/v1/revenue?account_id=${one.accountId}&group_by=message&sort=-revenue&format=csv`,
  );
  expect(csv.text.split('\n')[1]?.startsWith(',')).toBe(true);
});
