import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sql } from 'kysely';
import {
  databaseNow,
  inTransaction,
  openDatabase,
  storeClicks,
  storeMessages,
  storePage,
  type Database,
} from '@trackly-tune/database';
import type { ConversionFacts } from '@trackly-tune/domain';
import { addIntegration, createTestDatabase, type TestDatabase, CURRENT_DECISIONS } from '@trackly-tune/testing';
import { settleDue } from '../src/use-cases/settle-due.js';
import { drainBooks } from './drain-books.js';

let database: TestDatabase;
let db: Database;
let close: () => Promise<void>;

beforeAll(async () => {
  database = await createTestDatabase();
  ({ db, close } = openDatabase({ databaseUrl: database.url, name: 'settle.test' }));
});
afterAll(async () => {
  await close();
  await database.drop();
});

function facts(n: number, changes: Partial<ConversionFacts> = {}): ConversionFacts {
  return {
    tune_event_id: `ev-${n}`,
    ad_id: `click-${n}`,
    offer_id: '7',
    affiliate_id: '3',
    local_time: '2026-05-02 10:43:11',
    status: 'approved',
    payout: '1.50000',
    currency: 'USD',
    payout_column: 'payout',
    goal_id: '0',
    status_code: '43',
    is_adjustment: false,
    ids: { aff_sub: `Msg0000${n}` },
    ...changes,
  };
}

interface World {
  readonly id: bigint;
  readonly accountId: string;
}

async function pull(world: World, rows: readonly ConversionFacts[], observedAt?: string) {
  const at = observedAt ?? (await databaseNow(db));
  return inTransaction(db, (tx) =>
    storePage(tx, {
      integrationId: world.id,
      accountId: world.accountId,
      settingsVersion: 1,
      runId: 1n,
      observedAt: at,
      rows,
      unreadable: [],
    }),
  );
}

const NOTHING_MORE = { creativeId: null, offerId: null, campaignId: null, contactId: null };

function sendMessage(world: World, n: number) {
  const sentAt = new Date('2026-05-01T00:00:00Z');
  const fact = { ...NOTHING_MORE, accountId: world.accountId, messageId: `Msg0000${n}`, sentAt };
  return inTransaction(db, (tx) => storeMessages(tx, [fact]));
}

function sendClick(world: World, n: number, messageOf: number) {
  const clickedAt = new Date('2026-05-02T00:00:00Z');
  const fact = { accountId: world.accountId, clickId: `click-${n}`, messageId: `Msg0000${messageOf}` };
  return inTransaction(db, (tx) => storeClicks(tx, [{ ...fact, offerId: null, clickedAt, isBot: false }]));
}

const settle = () => drainBooks(db);

/** The books by message and status of counting, from the ledger alone. */
async function books(world: World): Promise<string[]> {
  const { rows } = await sql<{ line: string }>`
    SELECT concat_ws(' ', coalesce(message_id, 'none'), sum(revenue_e5), sum(pending_e5), sum(conversions)) AS line
    FROM ledger_entries WHERE integration_id = ${world.id}
    GROUP BY message_id, day, currency
    HAVING sum(revenue_e5) <> 0 OR sum(pending_e5) <> 0 OR sum(conversions) <> 0
    ORDER BY 1`.execute(db);
  return rows.map((row) => row.line);
}

async function written(world: World): Promise<{ versions: number; decisions: number; entries: number }> {
  const { rows } = await sql<{ versions: number; decisions: number; entries: number }>`
    SELECT (SELECT count(*)::int FROM conversion_versions v JOIN conversions c ON c.id = v.conversion_id
        WHERE c.integration_id = ${world.id}) AS versions,
      (SELECT count(*)::int FROM decisions d JOIN conversions c ON c.id = d.conversion_id
        WHERE c.integration_id = ${world.id}) AS decisions,
      (SELECT count(*)::int FROM ledger_entries WHERE integration_id = ${world.id}) AS entries`.execute(db);
  return rows[0] ?? { versions: 0, decisions: 0, entries: 0 };
}

describe('from facts to books', () => {
  test('a conversion goes to the message of its click; the same page again writes nothing', async () => {
    const world = await addIntegration(db);
    await sendMessage(world, 1);
    await sendMessage(world, 2);
    await sendClick(world, 1, 2);
    expect(await pull(world, [facts(1)])).toEqual({ inserted: 1, updated: 0, unchanged: 0 });
    await settle();
    expect(await books(world)).toEqual(['Msg00002 150000 0 1']);
    const before = await written(world);
    expect(await pull(world, [facts(1)])).toEqual({ inserted: 0, updated: 0, unchanged: 1 });
    await settle();
    expect(await written(world)).toEqual(before);
  });

  test('a late click and a late message move the money by themselves, and the ledger keeps both states', async () => {
    const world = await addIntegration(db);
    await pull(world, [facts(1)]);
    await settle();
    expect(await books(world)).toEqual(['none 150000 0 1']);
    await sendMessage(world, 1);
    await settle();
    expect(await books(world)).toEqual(['Msg00001 150000 0 1']);
    await sendClick(world, 1, 2);
    await settle();
    expect(await books(world)).toEqual(['Msg00001 150000 0 1']);
    await sendMessage(world, 2);
    await settle();
    expect(await books(world)).toEqual(['Msg00002 150000 0 1']);
    expect((await written(world)).entries).toBe(5);
  });

  test('of two observations the one requested later wins, whichever is written first', async () => {
    const world = await addIntegration(db);
    const early = await databaseNow(db);
    const late = await databaseNow(db);
    await pull(world, [facts(1, { status: 'rejected' })], late);
    await pull(world, [facts(1)], early);
    await settle();
    expect(await books(world)).toEqual([]);
    expect((await written(world)).versions).toBe(2);
  });

  test('an optional field that is not read any more changes nothing', async () => {
    const world = await addIntegration(db);
    await pull(world, [facts(1, { status_code: '21' })]);
    const { status_code: _unread, ...rest } = facts(1);
    expect(await pull(world, [rest])).toEqual({ inserted: 0, updated: 0, unchanged: 1 });
    await settle();
    expect(await books(world)).toEqual([]);
  });

  test('the ledger and its feed refuse to be changed', async () => {
    await expect(sql`UPDATE ledger_entries SET revenue_e5 = 0`.execute(db)).rejects.toMatchObject({ code: '23001' });
    await expect(sql`DELETE FROM ledger_feed`.execute(db)).rejects.toMatchObject({ code: '23001' });
    await expect(sql`TRUNCATE ledger_entries CASCADE`.execute(db)).rejects.toMatchObject({ code: '23001' });
  });

  test('the final books do not depend on order, repetition and batching of pulls, clicks and messages', async () => {
    const last = [1, 2, 3].map((n) => facts(n, { status: n === 3 ? 'pending' : 'approved', payout: `${n}.00000` }));
    type Step = { kind: 'pull' | 'click' | 'message' | 'settle'; n: number };
    const step: fc.Arbitrary<Step> = fc.record({
      kind: fc.constantFrom('pull', 'click', 'message', 'settle'),
      n: fc.integer({ min: 1, max: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const world = await addIntegration(db);
        const take = async ({ kind, n }: Step) => {
          if (kind === 'settle') return void (await settle());
          if (kind === 'click') return void (await sendClick(world, n, (n % 3) + 1));
          if (kind === 'message') return void (await sendMessage(world, n));
          // Older content on the way: the end brings the last one.
          await pull(world, [facts(n, { payout: '9.99999' })]);
        };
        for (const one of steps) await take(one);
        await pull(world, last);
        for (const n of [3, 1, 2]) await take({ kind: 'click', n });
        for (const n of [2, 3, 1]) await take({ kind: 'message', n });
        await settle();
        expect(await books(world)).toEqual(['Msg00001 0 300000 0', 'Msg00002 100000 0 1', 'Msg00003 200000 0 1']);
      }),
      { numRuns: 25 },
    );
  });

  test('the final books are those of the last observations, in whatever order and how often pages are written', async () => {
    const row = fc.record({
      n: fc.integer({ min: 1, max: 3 }),
      status: fc.constantFrom('approved' as const, 'pending' as const, 'rejected' as const),
    });
    // Each page has an amount of its own: an observation that changes nothing is not written (law 6), and it is the
    // lease that keeps an older page from being written behind it.
    const payoutOf = (index: number) => `${index + 1}.00000`;
    const page = fc.uniqueArray(row, { minLength: 1, maxLength: 3, selector: ({ n }) => n });
    const pages = fc.array(page, { minLength: 1, maxLength: 6 });
    const written = pages.chain((all) =>
      fc.record({
        pages: fc.constant(all),
        first: fc.shuffledSubarray(
          all.map((_page, index) => index),
          { minLength: all.length },
        ),
        again: fc.array(fc.nat({ max: all.length - 1 }), { maxLength: 3 }),
        settleAfter: fc.array(fc.boolean(), { minLength: 9, maxLength: 9 }),
        messagesAfter: fc.nat({ max: 8 }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(written, async ({ pages: all, first, again, settleAfter, messagesAfter }) => {
        const world = await addIntegration(db);
        const observed: string[] = [];
        for (let index = 0; index < all.length; index++) observed.push(await databaseNow(db));
        const sendAll = async () => {
          for (const n of [1, 2, 3]) await sendMessage(world, n);
        };
        for (const [step, index] of [...first, ...again].entries()) {
          if (step === messagesAfter) await sendAll();
          const rows = (all[index] ?? []).map(({ n, status }) => facts(n, { status, payout: payoutOf(index) }));
          await pull(world, rows, observed[index]);
          if (settleAfter[step] === true) await settle();
        }
        await sendAll();
        await settle();
        const last = new Map(
          all.flatMap((rows, index) => rows.map((one) => [one.n, { ...one, payout: payoutOf(index) }])),
        );
        const worth = ({ n, status, payout }: { n: number; status: string; payout: string }) => {
          const amount = Math.round(Number(payout) * 100_000);
          const [revenue, pending] = [status === 'approved' ? amount : 0, status === 'pending' ? amount : 0];
          return `Msg0000${n} ${revenue} ${pending} ${status === 'approved' ? 1 : 0}`;
        };
        const expected = [...last.values()].filter(({ status }) => status !== 'rejected').map(worth);
        expect(await books(world)).toEqual(expected.sort());
      }),
      { numRuns: 15 },
    );
  });

  test('several copies at once settle everything exactly once', async () => {
    const world = await addIntegration(db);
    const rows = Array.from({ length: 9 }, (_, index) => facts(index, { ad_id: `own-${index}` }));
    for (let n = 0; n < 9; n++) await sendMessage(world, n);
    await pull(world, rows);
    await Promise.all([settle(), settle(), settle()]);
    await settle();
    expect((await books(world)).length).toBe(9);
    expect(await written(world)).toEqual({ versions: 9, decisions: 9, entries: 9 });
    const { rows: left } = await sql`SELECT 1 FROM ledger_unnumbered`.execute(db);
    expect(left).toEqual([]);
  });

  test('what a backfill made due waits behind live work, and a live change takes it to the front', async () => {
    const world = await addIntegration(db);
    const page = (n: number, background: boolean) => ({
      integrationId: world.id,
      accountId: world.accountId,
      settingsVersion: 1,
      runId: 1n,
      rows: [facts(n, { ad_id: `own-${n}`, payout: background ? '1.50000' : '2.50000' })],
      unreadable: [],
      background,
    });
    const store = async (n: number, background: boolean) => {
      const observedAt = await databaseNow(db);
      await inTransaction(db, (tx) => storePage(tx, { ...page(n, background), observedAt }));
    };
    for (const [n, background] of [
      [1, true],
      [2, true],
      [3, false],
      [2, false],
    ] as const) {
      await store(n, background);
    }
    const decided = async () => {
      await settleDue(db, { transactionsMax: 1 });
      const { rows } = await sql<{ tune_event_id: string }>`
        SELECT c.tune_event_id FROM conversions c JOIN ${sql.raw(CURRENT_DECISIONS)} a ON a.conversion_id = c.id
        WHERE c.integration_id = ${world.id} ORDER BY a.decided_at`.execute(db);
      return rows.map((row) => row.tune_event_id);
    };
    await decided();
    expect(await decided()).toEqual(['ev-2', 'ev-3']);
    expect(await decided()).toEqual(['ev-2', 'ev-3', 'ev-1']);
  });
});
