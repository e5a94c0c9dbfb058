import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eraseAll } from '../src/resources/contacts/steps/erase-all.js';
import { startApiWorld, type ApiWorld } from './api-world.js';

let api: ApiWorld;
beforeAll(async () => {
  api = await startApiWorld();
});
afterAll(() => api.close());

const message = (message_id: string, contact_id: string | null, rest: object = {}) => ({
  account_id: 'acme',
  message_id,
  contact_id,
  creative_id: 'spring',
  sent_at: '2026-11-20T10:00:00Z',
  ...rest,
});
const send = async (...records: object[]) => (await api.call('POST', '/v1/messages', { payload: { records } })).body;
const erase = (contactIds: unknown, key: 'all' | 'acme' | 'other' = 'all') =>
  api.call('POST', '/v1/contacts/erase', { key, payload: { account_id: 'acme', contact_ids: contactIds } });
const contactsOf = async (...messageIds: string[]) => {
  const rows = await api.db
    .selectFrom('messages')
    .select(['account_id', 'message_id', 'contact_id', 'contact_erased_at'])
    .where('message_id', 'in', messageIds)
    .orderBy('account_id')
    .orderBy('message_id')
    .execute();
  return rows.map((row) =>
    [row.account_id, row.message_id, row.contact_id, row.contact_erased_at === null ? 'kept' : 'erased'].join(' '),
  );
};

test('a contact is taken out of all messages of the account, and out of no other', async () => {
  await send(message('aaaaaaa1', 'ann'), message('aaaaaaa2', 'ann'), message('aaaaaaa3', 'bob'));
  await send(message('aaaaaaa4', null), message('aaaaaaa1', 'ann', { account_id: 'other' }));
  const { status, body } = await erase(['ann', ' ann\n', 'nobody']);
  expect({ status, body }).toEqual({ status: 200, body: { contacts_found: 1, messages_erased: 2 } });
  expect(await contactsOf('aaaaaaa1', 'aaaaaaa2', 'aaaaaaa3', 'aaaaaaa4')).toEqual([
    'acme aaaaaaa1  erased',
    'acme aaaaaaa2  erased',
    'acme aaaaaaa3 bob kept',
    'acme aaaaaaa4  kept',
    'other aaaaaaa1 ann kept',
  ]);
  expect((await erase(['ann'])).body).toEqual({ contacts_found: 0, messages_erased: 0 });
});

test('an erased message sent again is a duplicate, with its contact, another or none, and stays without one', async () => {
  const erased = message('bbbbbbb1', 'cleo');
  await send(erased, message('bbbbbbb2', 'dora'));
  await erase(['cleo']);
  const again = [erased, { ...erased, contact_id: null }, { ...erased, contact_id: 'someone else' }];
  for (const record of again) expect(await send(record)).toMatchObject({ duplicates_skipped: 1, error_count: 0 });
  expect(await send(...again)).toMatchObject({ duplicates_skipped: 3, error_count: 0 });
  expect(await send({ ...erased, creative_id: 'other' }, { ...message('bbbbbbb2', 'cleo') })).toMatchObject({
    errors: [
      { index: 0, code: 'message_conflict' },
      { index: 1, code: 'message_conflict' },
    ],
  });
  expect(await contactsOf('bbbbbbb1', 'bbbbbbb2')).toEqual(['acme bbbbbbb1  erased', 'acme bbbbbbb2 dora kept']);
});

test('a key of one account erases only there; another account is not found', async () => {
  await send(message('ccccccc1', 'eve'));
  expect(await erase(['eve'], 'other')).toMatchObject({ status: 404, body: { code: 'not_found' } });
  expect(await contactsOf('ccccccc1')).toEqual(['acme ccccccc1 eve kept']);
  expect((await erase(['eve'], 'acme')).body).toMatchObject({ messages_erased: 1 });
});

test.each([
  ['no contacts', { account_id: 'acme' }, 'contact_ids'],
  ['an empty list', { account_id: 'acme', contact_ids: [] }, 'contact_ids'],
  ['no account', { contact_ids: ['ann'] }, 'account_id'],
  ['a contact that is no text', { account_id: 'acme', contact_ids: [17] }, 'contact_ids'],
  ['a blank contact', { account_id: 'acme', contact_ids: [' '] }, 'contact_ids'],
  ['a contact that is too long', { account_id: 'acme', contact_ids: ['x'.repeat(129)] }, 'contact_ids'],
  ['a contact with NUL', { account_id: 'acme', contact_ids: ['a\u0000'] }, 'contact_ids'],
  ['too many', { account_id: 'acme', contact_ids: Array.from({ length: 1001 }, (_, n) => `c${n}`) }, 'contact_ids'],
  ['an unknown field', { account_id: 'acme', contact_ids: ['ann'], dry_run: true }, 'dry_run'],
])('%s is refused, and the refusal names the field', async (_what, payload, field) => {
  const { status, body } = await api.call('POST', '/v1/contacts/erase', { payload });
  expect({ status, code: body['code'] }).toEqual({ status: 400, code: 'invalid_request' });
  expect(JSON.stringify(body['details'])).toContain(field);
});

test('a contact of very many messages is erased in batches, and counted once', async () => {
  const records = Array.from({ length: 25 }, (_, n) => message(`ddddd${100 + n}`, n < 20 ? 'fay' : `g${n}`));
  await send(...records);
  const contacts = ['g24', 'fay', 'g20', 'g21', 'g22', 'never', 'Ω'];
  expect(await eraseAll(api.db, 'acme', contacts, 3)).toEqual({ contacts: 5, messages: 24 });
  expect(await eraseAll(api.db, 'acme', contacts, 3)).toEqual({ contacts: 0, messages: 0 });
});

test('two erasures of the same contacts at once both end, and count each message once', async () => {
  const records = Array.from({ length: 900 }, (_, n) => message(`eeeee${100 + n}`, `pair-${n % 7}`));
  await send(...records);
  const contacts = Array.from({ length: 7 }, (_, n) => `pair-${n}`);
  const done = await Promise.all([contacts, [...contacts].reverse()].map((ids) => eraseAll(api.db, 'acme', ids, 40)));
  expect(done.reduce((sum, { messages }) => sum + messages, 0)).toBe(900);
});
