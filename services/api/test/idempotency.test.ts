import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { contentHash, forgetKeptAnswers } from '@trackly-tune/database';
import { createKeyRing } from '@trackly-tune/service-runtime';
import { randomUUID } from 'node:crypto';
import { startApiWorld, type ApiWorld } from './api-world.js';

let api: ApiWorld;
beforeAll(async () => {
  api = await startApiWorld();
});
afterAll(() => api.close());

const records = (messageId: string) => ({
  records: [{ account_id: 'acme', message_id: messageId, sent_at: '2026-11-20T10:00:00Z' }],
});
const send = (key: string, messageId: string, as: 'all' | 'acme' = 'all') =>
  api.call('POST', '/v1/messages', { key: as, payload: records(messageId), headers: { 'idempotency-key': key } });

test('the same request again gets the same answer, status and body, and has no second effect', async () => {
  const key = randomUUID();
  const first = await send(key, 'aaaaaaaa');
  const second = await send(key, 'aaaaaaaa');
  expect(first.body).toMatchObject({ success_count: 1, duplicates_skipped: 0 });
  expect({ status: second.status, body: second.body }).toEqual({ status: first.status, body: first.body });
  expect(second.headers['idempotency-replayed']).toBe('true');
});

test('another body under the same key is 422', async () => {
  const key = randomUUID();
  await send(key, 'bbbbbbbb');
  expect(await send(key, 'cccccccc')).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
});

test('the order of fields makes no other request', async () => {
  const key = randomUUID();
  await send(key, 'dddddddd');
  const turned = {
    records: records('dddddddd').records.map((record) => Object.fromEntries(Object.entries(record).reverse())),
  };
  const reply = await api.call('POST', '/v1/messages', { payload: turned, headers: { 'idempotency-key': key } });
  expect(reply).toMatchObject({ status: 200, body: { success_count: 1 } });
});

test('keys belong to the API key and to the route', async () => {
  const key = randomUUID();
  await send(key, 'eeeeeeee');
  expect((await send(key, 'ffffffff', 'acme')).body).toMatchObject({ success_count: 1 });
  const clicks = await api.call('POST', '/v1/clicks', {
    payload: {
      records: [{ account_id: 'acme', click_id: 'c1', message_id: 'eeeeeeee', clicked_at: '2026-11-20T10:00:00Z' }],
    },
    headers: { 'idempotency-key': key },
  });
  expect(clicks.body).toMatchObject({ success_count: 1 });
});

test('of many at once one has the effect; the others get its answer or 409 while it runs', async () => {
  const key = randomUUID();
  const replies = await Promise.all(Array.from({ length: 20 }, () => send(key, 'gggggggg')));
  const answered = replies.filter(({ status }) => status === 200);
  expect(answered.length).toBeGreaterThan(0);
  for (const { body } of answered) expect(body).toMatchObject({ success_count: 1, duplicates_skipped: 0 });
  for (const { status, body } of replies) {
    if (status !== 200)
      expect({ status, code: body['code'] }).toEqual({ status: 409, code: 'idempotency_in_progress' });
  }
});

test('one that is still running is 409', async () => {
  const key = randomUUID();
  let letGo: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (letGo = resolve));
  let isHeld: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (isHeld = resolve));
  const other = api.db.transaction().execute(async (tx) => {
    const { holdCall } = await import('@trackly-tune/database');
    await holdCall(tx, { apiKeyName: 'all', route: 'POST /v1/messages', key, requestHash: '' });
    isHeld();
    await gate;
  });
  await held;
  const reply = await send(key, 'hhhhhhhh');
  letGo();
  await other;
  expect(reply).toMatchObject({ status: 409, body: { code: 'idempotency_in_progress' } });
  expect((await send(key, 'hhhhhhhh')).status).toBe(200);
});

test('an answer is forgotten after 24 hours, by the clock and by the sweep', async () => {
  const key = randomUUID();
  await send(key, 'iiiiiiii');
  await api.db
    .updateTable('idempotency_keys')
    .set({ created_at: new Date(Date.now() - 24 * 3_600_000 - 1_000) })
    .where('key', '=', key)
    .execute();
  expect((await send(key, 'jjjjjjjj')).body).toMatchObject({ success_count: 1 });
  await api.db
    .updateTable('idempotency_keys')
    .set({ created_at: new Date(0) })
    .where('key', '=', key)
    .execute();
  expect(await forgetKeptAnswers(api.db, 1_000)).toBe(1);
  expect(await forgetKeptAnswers(api.db, 1_000)).toBe(0);
});

test('a refused request keeps nothing and may come again', async () => {
  const key = randomUUID();
  const headers = { 'idempotency-key': key };
  expect((await api.call('POST', '/v1/messages', { payload: { records: [] }, headers })).status).toBe(400);
  expect((await send(key, 'kkkkkkkk')).status).toBe(200);
  const odd = await api.call('POST', '/v1/messages', {
    payload: records('llllllll'),
    headers: { 'idempotency-key': 'x'.repeat(256) },
  });
  expect(odd).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
});

test('what is kept of a request can be told by nobody without a key, and is known again under each key', async () => {
  const key = randomUUID();
  const first = await send(key, 'iiiiiii1');
  const kept = () => api.db.selectFrom('idempotency_keys').select('request_hash').where('key', '=', key);
  const { request_hash: hash } = await kept().executeTakeFirstOrThrow();
  const bare = contentHash({ body: records('iiiiiii1') });
  expect(hash).not.toBe(bare);
  expect(createKeyRing([{ id: 'another', key: Buffer.alloc(32, 2) }]).fingerprints(bare)).not.toContain(hash);
  const rotated = createKeyRing([1, 2].map((n) => ({ id: `k${n}`, key: Buffer.alloc(32, 3 - n) })));
  expect(rotated.fingerprints(bare).indexOf(hash)).toBe(1);
  // An answer that the release before kept.
  await api.db.updateTable('idempotency_keys').set({ request_hash: bare }).where('key', '=', key).execute();
  expect((await send(key, 'iiiiiii1')).body).toEqual(first.body);
  expect((await send(key, 'iiiiiii2')).status).toBe(422);
});
