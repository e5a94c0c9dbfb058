import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { relayLedger } from '@trackly-tune/database';
import { toPublicId } from '@trackly-tune/domain';
import { addIntegration, holdTable } from '@trackly-tune/testing';
import { sql } from 'kysely';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  seedConversion,
  seedDecision,
  seedEntries,
  seedOffer,
  type SeededEntry,
} from '../../../packages/database/test/seed-books.js';
import { startBooksApp, type BooksApp } from './books-app.js';

let books: BooksApp;
let integrationId: bigint;
let offerId: bigint;

const entryOf = (conversionId: bigint, rest: Partial<SeededEntry>): SeededEntry => ({
  conversionId,
  entryNo: 1,
  accountId: 'acc',
  integrationId,
  messageId: null,
  creativeId: null,
  campaignId: null,
  externalOfferId: '10',
  day: '2026-10-31',
  currency: 'USD',
  revenueE5: 250_000n,
  unconfirmedE5: 0n,
  pendingE5: 0n,
  conversions: 1,
  ...rest,
});

beforeAll(async () => {
  books = await startBooksApp();
  integrationId = (await addIntegration(books.db, { accountId: 'acc', affiliateId: '7' })).id;
  offerId = await seedOffer(books.db, integrationId, '10');
  await seedEntries(books.db, [
    entryOf(1n, { creativeId: '=cmd|x' }),
    entryOf(2n, { creativeId: 'a "b", c', day: '2026-10-30', revenueE5: -100_000n, conversions: 0 }),
    entryOf(3n, { externalOfferId: '11' }),
  ]);
  await relayLedger(books.db, 100);
});
afterAll(() => books.close());

const ask = async (url: string, headers: Record<string, string> = {}) => books.app.inject({ url, headers });
const scope = () => `integration_id=${toPublicId('integration', integrationId)}`;

describe('revenue by two groupings', () => {
  test('a row is one pair, with both keys by their names; `key` is the first', async () => {
    const { body } = await ask(`/v1/revenue?${scope()}&group_by=day,offer`);
    const offer = toPublicId('offer', offerId);
    const int = toPublicId('integration', integrationId);
    const rest = { currency: 'USD', unconfirmed_revenue: '0.00000', pending_revenue: '0.00000', integration_id: int };
    expect((JSON.parse(body) as { data: unknown }).data).toEqual([
      {
        key: '2026-10-30',
        keys: { day: '2026-10-30', offer },
        external_offer_id: '10',
        conversions: 0,
        revenue: '-1.00000',
        ...rest,
      },
      {
        key: '2026-10-31',
        keys: { day: '2026-10-31', offer },
        external_offer_id: '10',
        conversions: 1,
        revenue: '2.50000',
        ...rest,
      },
      {
        key: '2026-10-31',
        keys: { day: '2026-10-31', offer: null },
        external_offer_id: '11',
        conversions: 1,
        revenue: '2.50000',
        ...rest,
      },
    ]);
  });

  test('the same one twice, three of them or an unknown one are refused', async () => {
    for (const groupBy of ['day,day', 'day,offer,message', 'day,', 'week', '']) {
      expect((await ask(`/v1/revenue?${scope()}&group_by=${groupBy}`)).statusCode).toBe(400);
    }
  });
});

describe('an export', () => {
  test('of revenue is CSV as of one number of the books; text is quoted and starts no formula', async () => {
    const url = `/v1/revenue?${scope()}&group_by=creative,day`;
    const expected = [
      'creative,day,currency,conversions,revenue,unconfirmed_revenue,pending_revenue',
      "'=cmd|x,2026-10-31,USD,1,2.50000,0.00000,0.00000",
      '"a ""b"", c",2026-10-30,USD,0,-1.00000,0.00000,0.00000',
      ',2026-10-31,USD,1,2.50000,0.00000,0.00000',
      '',
    ].join('\r\n');
    for (const answer of [await ask(`${url}&format=csv`), await ask(url, { accept: 'text/csv' })]) {
      expect(answer.statusCode).toBe(200);
      expect(answer.headers).toMatchObject({ 'x-as-of-seq': '3', 'content-type': expect.stringMatching(/^text\/csv/) });
      expect(answer.body).toBe(expected);
    }
    expect((await ask(`${url}&format=json`, { accept: 'text/csv' })).headers['content-type']).toMatch(/json/);
    expect((await ask(`${url}&format=csv&as_of=99`)).statusCode).toBe(400);
    expect((await ask(`${url}&format=csv&as_of=1`)).body.split('\r\n')).toHaveLength(3);
  });

  test('of conversions is every row that fits the filters, in order, beyond one batch', async () => {
    const ids: bigint[] = [];
    for (let n = 0; n < 1_050; n++) {
      ids.push(
        await seedConversion(books.db, { accountId: 'acc', integrationId, status: n % 2 ? 'approved' : 'pending' }),
      );
    }
    await seedDecision(books.db, { conversionId: ids[0]!, no: 1, method: 'message_id', messageId: '-Msg' });
    const { body } = await ask(`/v1/conversions?${scope()}&format=csv`);
    const lines = body.split('\r\n');
    expect(lines[0]).toMatch(/^id,integration_id,account_id,external_id,.*,attribution_message_id,/);
    expect(lines[1]).toContain(",'-Msg,");
    expect(lines.slice(1, -1).map((line) => line.split(',')[0])).toEqual(ids.map((id) => toPublicId('conversion', id)));
    const pending = await ask(`/v1/conversions?${scope()}&format=csv&status=pending&from=2026-10-31&to=2026-10-31`);
    expect(pending.body.split('\r\n')).toHaveLength(525 + 2);
    const after = toPublicId('conversion', ids[1_039]!);
    expect((await ask(`/v1/conversions?${scope()}&format=csv&after=${after}`)).body.split('\r\n')).toHaveLength(10 + 2);
  });

  test('runs beside at most three others: of thirty at once four are opened, and their slots come back', async () => {
    const url = `/v1/revenue?${scope()}&group_by=creative,day&format=csv`;
    for (let round = 0; round < 2; round += 1) {
      // The exports that were let in wait for the table, so that all of them are open at once.
      const held = await holdTable(books.url, 'revenue_totals');
      const asked = Array.from({ length: 30 }, () => ask(url));
      let refused = 0;
      for (const one of asked) void one.then(({ statusCode }) => (refused += statusCode === 503 ? 1 : 0));
      while (refused < 26) await new Promise((resolve) => setImmediate(resolve));
      await held.release();
      const statuses = (await Promise.all(asked)).map(({ statusCode }) => statusCode);
      expect(statuses.filter((status) => status === 200)).toHaveLength(4);
      expect(refused).toBe(26);
    }
    // What cannot be opened gives its slot back as well.
    const ahead = await Promise.all(Array.from({ length: 4 }, () => ask(`${url}&as_of=99999`)));
    expect(ahead.map(({ statusCode }) => statusCode)).toEqual([400, 400, 400, 400]);
    expect((await ask(url)).statusCode).toBe(200);
  });

  test('ends its transaction when the caller goes away', async () => {
    const own = { accountId: 'large', integrationId: (await addIntegration(books.db, { accountId: 'large' })).id };
    const rows = Array.from({ length: 3_000 }, (_, n) =>
      entryOf(BigInt(1_000_000 + n), { ...own, messageId: `message-${n}-${'x'.repeat(8_000)}` }),
    );
    for (let n = 0; n < rows.length; n += 500) await seedEntries(books.db, rows.slice(n, n + 500));
    while ((await relayLedger(books.db, 5_000)) > 0);
    await books.app.listen({ port: 0, host: '127.0.0.1' });
    const { port } = books.app.server.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}/v1/revenue?account_id=large&group_by=message&format=csv`;
    const request = get(url);
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    await once(response, 'readable');
    expect(await openTransactions()).toBe(1);
    request.destroy();
    while ((await openTransactions()) > 0) await new Promise((resolve) => setImmediate(resolve));
  });
});

/** Connections of the routes, but for the one that asks, with an open transaction. */
async function openTransactions(): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    SELECT count(*)::int AS count FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'books-app-test' AND xact_start IS NOT NULL
      AND pid <> pg_backend_pid()`.execute(books.db);
  return rows[0]?.count ?? 0;
}
