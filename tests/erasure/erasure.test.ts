import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { databaseNow, inTransaction, storePage } from '@trackly-tune/database';
import { addIntegration, askDatabase } from '@trackly-tune/testing';
import { startApiWorld, type ApiWorld } from '../../services/api/test/api-world.js';
import { drainBooks } from '../../services/attribution/test/drain-books.js';
import { row } from '../books/books-world.js';
import { findSecrets } from '../system/find-secrets.js';

const CONTACT = 'ann.example+17@mail.example';
const OTHER = 'bob.example@mail.example';

let api: ApiWorld;
let integrationId: bigint;

beforeAll(async () => {
  api = await startApiWorld();
  integrationId = (await addIntegration(api.db, { accountId: 'acme' })).id;
});
afterAll(() => api.close());

async function post(path: string, payload: object, headers: Record<string, string> = {}) {
  const reply = await api.call('POST', path, { payload, headers });
  expect(reply.status).toBe(200);
  return reply.body;
}

/** Every value of every table that can hold text, with the table it stands in. */
async function readEverything(): Promise<Record<string, string[]>> {
  const columns = await askDatabase<{ table: string; column: string }>(
    api.databaseUrl,
    `SELECT table_name AS table, column_name AS column FROM information_schema.columns
     WHERE table_schema = 'public' AND (data_type IN ('text', 'json', 'jsonb', 'bytea', 'ARRAY', 'character varying'))`,
  );
  const places: Record<string, string[]> = {};
  for (const { table, column } of columns) {
    const rows = await askDatabase<{ text: string }>(
      api.databaseUrl,
      `SELECT CASE WHEN pg_typeof(t."${column}") = 'bytea'::regtype THEN encode(t."${column}"::text::bytea, 'escape')
         ELSE t."${column}"::text END AS text FROM "${table}" t WHERE t."${column}" IS NOT NULL`,
    );
    if (rows.length > 0) places[`${table}.${column}`] = rows.map(({ text }) => text);
  }
  return places;
}

/** What callers read of the books: sums, feed, exports, lists and trails. */
async function readBooks(): Promise<Record<string, string[]>> {
  const scope = `integration_id=int_${integrationId}`;
  const conversions = await api.db.selectFrom('conversions').select('id').execute();
  const urls = [
    ...['message', 'creative', 'campaign', 'offer', 'day'].map((group) => `/v1/revenue?${scope}&group_by=${group}`),
    `/v1/revenue-changes?account_id=acme`,
    `/v1/conversions?${scope}`,
    ...conversions.map(({ id }) => `/v1/conversions/cnv_${id}/trail`),
  ];
  const places: Record<string, string[]> = {};
  for (const url of urls) {
    for (const accept of ['application/json', 'text/csv']) {
      const { status, body } = await api.call('GET', url, { headers: { accept } });
      if (status !== 406) places[`${accept} ${url}`] = [String(status), JSON.stringify(body)];
    }
  }
  return places;
}

test('after an erasure no table, answer, export or log line holds the contact, and no sum has moved', async () => {
  const sent = { account_id: 'acme', creative_id: 'spring', campaign_id: 'may', sent_at: '2026-05-01T00:00:00Z' };
  const messages = [
    { ...sent, message_id: 'Msg00001', contact_id: CONTACT },
    { ...sent, message_id: 'Msg00002', contact_id: CONTACT },
    { ...sent, message_id: 'Msg00003', contact_id: OTHER },
  ];
  await post('/v1/messages', { records: messages }, { 'idempotency-key': 'messages-1' });
  await post('/v1/clicks', {
    records: [{ account_id: 'acme', click_id: 'click-1', message_id: 'Msg00001', clicked_at: '2026-05-02T00:00:00Z' }],
  });
  await inTransaction(api.db, async (tx) =>
    storePage(tx, {
      ...{ integrationId, accountId: 'acme', settingsVersion: 1, runId: 1n, unreadable: [] },
      observedAt: await databaseNow(api.db),
      rows: [row(1), row(2, { status: 'pending' }), row(3)],
    }),
  );
  await drainBooks(api.db);
  const before = await readBooks();
  expect(Object.values(before).flat().join()).toContain('1.50000');
  const kept = await readEverything();
  expect(findSecrets({ contact: CONTACT }, kept)).toHaveLength(2);

  const erasure = { account_id: 'acme', contact_ids: [CONTACT] };
  const erased = await post('/v1/contacts/erase', erasure, { 'idempotency-key': 'erase-1' });
  expect(erased).toEqual({ contacts_found: 1, messages_erased: 2 });
  await post('/v1/messages', { records: messages }, { 'idempotency-key': 'messages-2' });
  await drainBooks(api.db);

  expect(findSecrets({ contact: CONTACT }, await readEverything())).toEqual([]);
  expect(findSecrets({ contact: CONTACT }, { log: api.lines })).toEqual([]);
  expect(findSecrets({ contact: CONTACT }, before)).toEqual([]);
  expect(await readBooks()).toEqual(before);
  expect(findSecrets({ other: OTHER }, await readEverything())).toHaveLength(1);
  expect(api.lines.some((line) => line.includes('contacts were erased') && line.includes('"messages":2'))).toBe(true);
});

test('an erasure keeps no answer under its key: asked again it looks again, and finds nothing', async () => {
  const headers = { 'idempotency-key': 'erase-2' };
  expect(await post('/v1/contacts/erase', { account_id: 'acme', contact_ids: [OTHER] }, headers)).toEqual({
    contacts_found: 1,
    messages_erased: 1,
  });
  expect(await post('/v1/contacts/erase', { account_id: 'acme', contact_ids: [OTHER] }, headers)).toEqual({
    contacts_found: 0,
    messages_erased: 0,
  });
  const names = await api.db.selectFrom('idempotency_keys').select('key').execute();
  expect(names.map(({ key }) => key)).toEqual(['messages-1', 'messages-2']);
});
