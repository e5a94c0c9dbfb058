import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startBooksApp, type BooksApp } from './books-app.js';

let books: BooksApp;
beforeAll(async () => {
  books = await startBooksApp();
});
afterAll(() => books.close());

const post = async (path: string, payload: unknown, account?: string) => {
  const response = await books.app.inject({
    method: 'POST',
    url: path,
    payload: payload as object,
    headers: account === undefined ? {} : { 'x-test-account': account },
  });
  return { status: response.statusCode, body: response.json<Record<string, unknown>>() };
};
const message = (message_id: string, rest: object = {}) => ({
  account_id: 'acc',
  message_id,
  sent_at: '2026-11-20T10:00:00Z',
  ...rest,
});
const click = (click_id: string, rest: object = {}) => ({
  account_id: 'acc',
  click_id,
  message_id: 'aaaaaaaa',
  clicked_at: '2026-11-20T10:00:00Z',
  ...rest,
});

test.each([
  ['/v1/messages', 'sent_at', message],
  ['/v1/clicks', 'clicked_at', click],
])('%s: a record of more than a day in the future is an error of its own', async (path, field, record) => {
  const ahead = (ms: number) => new Date(Date.now() + ms).toISOString();
  const [ids, hour] = [['tomorro1', 'tomorro2', 'tomorro3'], 3_600_000];
  const { status, body } = await post(path, {
    records: [23 * hour, 25 * hour, 24 * 366 * hour].map((ms, index) =>
      record(ids[index] ?? '', { [field]: ahead(ms) }),
    ),
  });
  expect({ status, body }).toMatchObject({ status: 200, body: { success_count: 1, error_count: 2 } });
  expect(body['errors']).toEqual(
    [1, 2].map((index) => ({ index, code: 'time_in_future', error: expect.stringMatching(`^${field}: .* future`) })),
  );
});

test('blanks and line ends around ids are not part of them: the same record again is a duplicate', async () => {
  const padded = { ...click('k-1 \r\n'), account_id: ' blank\n', message_id: '\tZZZZZZZZ', offer_id: ' o ' };
  const plain = { ...click('k-1'), account_id: 'blank', message_id: 'ZZZZZZZZ', offer_id: 'o' };
  const { body } = await post('/v1/clicks', { records: [padded, plain, click(' \n')] });
  expect(body).toMatchObject({ success_count: 1, duplicates_skipped: 1, error_count: 1 });
  const messages = [message(' ZZZZZZZZ', { account_id: 'blank' }), message('ZZZZZZZZ', { account_id: 'blank' })];
  expect((await post('/v1/messages', { records: messages })).body).toMatchObject({
    success_count: 1,
    duplicates_skipped: 1,
  });
});

describe('messages', () => {
  test('each record is judged by itself: good, repeated, bad, conflicting and unknown fields in one call', async () => {
    const { status, body } = await post('/v1/messages', {
      records: [
        message('aaaaaaaa', { creative_id: 'c', sent_at: '2026-11-20T12:00:00+02:00' }),
        message('short'),
        message('aaaaaaaa', { creative_id: 'c', offer_id: null }),
        message('aaaaaaaa', { creative_id: 'd' }),
        message('bbbbbbbb', { colour: 'red' }),
        message('cccccccc', { sent_at: '2026-11-20 10:00:00' }),
        message('dddddddd', { sent_at: '2026-02-30T10:00:00Z' }),
        message('eeeeeeee', { campaign_id: 'nul\u0000' }),
        message('ffffffff', { campaign_id: 'half \ud800' }),
        message('gggggggg', { contact_id: 'x'.repeat(129) }),
        message('hhhhhhhh', { sent_at: '9999-12-31T23:59:59-10:00' }),
        'not even a record',
        null,
        message('iiiiiiii', { creative_id: 'x'.repeat(128) }),
      ],
    });
    expect(status).toBe(200);
    const errors = body['errors'] as { index: number; code: string }[];
    expect(body).toMatchObject({ success_count: 2, duplicates_skipped: 1, error_count: 11 });
    expect(errors.map(({ index }) => index)).toEqual([1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(errors.filter(({ code }) => code !== 'invalid_record')).toEqual([
      { index: 3, code: 'message_conflict', error: expect.any(String) },
    ]);
  });

  test('a broken envelope is refused as a whole', async () => {
    const broken = [
      {},
      [],
      { records: [] },
      { records: {} },
      { records: [message('zzzzzzzz')], more: 1 },
      { records: Array.from({ length: 1001 }, () => message('zzzzzzzz')) },
    ];
    for (const payload of broken) expect((await post('/v1/messages', payload)).status).toBe(400);
    const kept = await books.db.selectFrom('messages').where('message_id', '=', 'zzzzzzzz').selectAll().execute();
    expect(kept).toEqual([]);
  });

  test('a thousand records are stored in one call', async () => {
    const records = Array.from({ length: 1000 }, (_, index) => message(`m${String(index).padStart(7, '0')}`));
    expect((await post('/v1/messages', { records })).body).toMatchObject({ success_count: 1000, error_count: 0 });
    expect((await post('/v1/messages', { records })).body).toMatchObject({ duplicates_skipped: 1000 });
  });

  test('a key of one account cannot write for another', async () => {
    const records = [message('kkkkkkkk'), message('kkkkkkkk', { account_id: 'mine' })];
    const { status, body } = await post('/v1/messages', { records }, 'mine');
    expect(status).toBe(200);
    expect(body).toMatchObject({ success_count: 1, errors: [{ index: 0, code: 'account_not_found' }] });
  });

  test('the attribution service is told to look when something new came, and only then', async () => {
    const before = books.signals();
    await post('/v1/messages', { records: [message('ssssssss')] });
    expect(books.signals()).toBe(before + 1);
    await post('/v1/messages', { records: [message('ssssssss')] });
    expect(books.signals()).toBe(before + 1);
  });
});

describe('clicks', () => {
  test('fields left out, null and the default of is_bot say the same', async () => {
    const { body } = await post('/v1/clicks', {
      records: [
        click('one'),
        click('one', { offer_id: null, is_bot: null }),
        click('one', { is_bot: false, clicked_at: '2026-11-20T10:00:00.0004Z' }),
        click('one', { is_bot: true }),
        click('x'.repeat(129)),
        click('two', { is_bot: 'yes' }),
        click('ONE'),
      ],
    });
    expect(body).toMatchObject({
      success_count: 2,
      duplicates_skipped: 2,
      errors: [
        { index: 3, code: 'click_conflict' },
        { index: 4, code: 'invalid_record' },
        { index: 5, code: 'invalid_record' },
      ],
    });
  });

  test('a click may come before its message', async () => {
    const { body } = await post('/v1/clicks', { records: [click('early', { message_id: 'notYet00' })] });
    expect(body).toMatchObject({ success_count: 1 });
  });
});
