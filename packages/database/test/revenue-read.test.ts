import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  openDatabase,
  readRevenue,
  streamRevenue,
  RELAY_LOCK_KEY,
  relayLedger,
  REVENUE_GROUPINGS,
  type BooksScope,
  type Database,
  type RevenueGrouping,
  type RevenueRow,
} from '@trackly-tune/database';
import { addIntegration, createTestDatabase, NUMBERED_ENTRIES } from '@trackly-tune/testing';
import fc from 'fast-check';
import { sql } from 'kysely';
import { seedEntries, seedOffer, type SeededEntry } from './seed-books.js';

let db: Database;
let integrations: { id: bigint; accountId: string }[];
/** Our offer by integration and external id. */
const offers = new Map<string, bigint>();
const closers: (() => Promise<void>)[] = [];

beforeAll(async () => {
  const database = await createTestDatabase();
  const opened = openDatabase({ databaseUrl: database.url, name: 'revenue-test' });
  db = opened.db;
  closers.push(opened.close, database.drop);
  integrations = [];
  for (const accountId of ['acc', 'acc', 'other']) {
    integrations.push({ id: (await addIntegration(db, { accountId: accountId, affiliateId: '7' })).id, accountId });
  }
  for (const { id } of integrations.slice(0, 2)) offers.set(`${id}/10`, await seedOffer(db, id, '10'));
});
afterAll(async () => {
  for (const close of closers) await close();
});

async function emptyBooks(): Promise<void> {
  await sql`ALTER TABLE ledger_entries DISABLE TRIGGER USER`.execute(db);
  await sql`ALTER TABLE ledger_feed DISABLE TRIGGER USER`.execute(db);
  await sql`TRUNCATE ledger_entries, ledger_feed, ledger_unnumbered, revenue_totals`.execute(db);
  await sql`ALTER TABLE ledger_entries ENABLE TRIGGER USER`.execute(db);
  await sql`ALTER TABLE ledger_feed ENABLE TRIGGER USER`.execute(db);
  await sql`UPDATE ledger_sequence SET last_seq = 0, last_at = '-infinity'`.execute(db);
}

const maybe = (...values: string[]) => fc.constantFrom(null, ...values);
/** Two of the large ones are more than a bigint of PostgreSQL holds. */
const LARGE = 9_000_000_000_000_000_000n;
const amount = fc.constantFrom(-LARGE, -300_000n, -1n, 0n, 1n, 250_000n, 300_000n, LARGE);
/** Few values of each, so that groups meet and cancel out. */
const anyEntry = fc.record({
  integration: fc.nat(2),
  messageId: maybe('mmmmmmm1', 'Mmmmmmm1', 'mmmmmmm2'),
  creativeId: maybe('c1', 'c2'),
  campaignId: maybe('k1'),
  externalOfferId: fc.constantFrom('9', '10', '11'),
  day: fc.constantFrom('2026-10-30', '2026-10-31', '2026-11-01'),
  currency: fc.constantFrom('EUR', 'USD'),
  revenueE5: amount,
  unconfirmedE5: amount,
  pendingE5: amount,
  conversions: fc.integer({ min: -1, max: 1 }),
});
const anyQuestion = fc.record({
  groupBy: fc.shuffledSubarray([...REVENUE_GROUPINGS], { minLength: 1, maxLength: 2 }),
  scope: fc.constantFrom('acc', 'other', 0, 1, 2),
  from: fc.option(fc.constantFrom('2026-10-31', '2026-11-01'), { nil: undefined }),
  to: fc.option(fc.constantFrom('2026-10-30', '2026-10-31'), { nil: undefined }),
});

function keysOf(groupBy: RevenueGrouping, entry: SeededEntry): [string | null, string | null, bigint | null] {
  switch (groupBy) {
    case 'message':
      return [entry.messageId, null, null];
    case 'creative':
      return [entry.creativeId, null, null];
    case 'campaign':
      return [entry.campaignId, null, null];
    case 'day':
      return [entry.day, null, null];
    case 'integration':
      return [entry.integrationId.toString(), null, null];
    case 'offer': {
      const offer = offers.get(`${entry.integrationId}/${entry.externalOfferId}`);
      return [offer?.toString() ?? null, entry.externalOfferId, entry.integrationId];
    }
  }
}

/** The same sums by a loop over the entries. */
function recompute(entries: readonly SeededEntry[], groupBy: readonly RevenueGrouping[]): RevenueRow[] {
  const groups = new Map<string, RevenueRow>();
  for (const entry of entries) {
    const [first, second] = groupBy.map((grouping) => keysOf(grouping, entry));
    const key = first?.[0] ?? null;
    const secondKey = second?.[0] ?? null;
    const externalOfferId = first?.[1] ?? second?.[1] ?? null;
    const integrationId = first?.[2] ?? second?.[2] ?? null;
    const name = [key, secondKey, externalOfferId, integrationId, entry.currency].map(String).join('|');
    const before = groups.get(name);
    groups.set(name, {
      key,
      secondKey,
      externalOfferId,
      integrationId,
      currency: entry.currency,
      conversions: (before?.conversions ?? 0n) + BigInt(entry.conversions),
      revenue: (before?.revenue ?? 0n) + entry.revenueE5,
      unconfirmed: (before?.unconfirmed ?? 0n) + entry.unconfirmedE5,
      pending: (before?.pending ?? 0n) + entry.pendingE5,
    });
  }
  return [...groups.values()].filter((row) => row.conversions || row.revenue || row.unconfirmed || row.pending);
}

const text = (rows: readonly RevenueRow[]): string[] =>
  rows.map((row) => JSON.stringify(row, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value)));

function scopeOf(scope: string | number): BooksScope {
  return typeof scope === 'string' ? { accountId: scope } : { integrationId: integrations[scope]?.id ?? 0n };
}

function isInScope(entry: SeededEntry, scope: BooksScope): boolean {
  return 'accountId' in scope ? entry.accountId === scope.accountId : entry.integrationId === scope.integrationId;
}

/** Entries of one integration are numbered in the order in which they were written; those of several, as it comes. */
async function inOrderOfNumbers(written: SeededEntry[]): Promise<void> {
  const { rows } = await sql<{ conversion_id: bigint; seq: bigint }>`
    SELECT conversion_id, seq FROM ${sql.raw(NUMBERED_ENTRIES)} n`.execute(db);
  const seqOf = new Map(rows.map((row) => [row.conversion_id, Number(row.seq)]));
  const numberOf = ({ conversionId }: SeededEntry): number => seqOf.get(conversionId) ?? 0;
  expect(written.map(numberOf).sort((a, b) => a - b)).toEqual(written.map((_, index) => index + 1));
  for (const { id } of integrations) {
    const own = written.filter(({ integrationId }) => integrationId === id).map(numberOf);
    expect(own).toEqual([...own].sort((a, b) => a - b));
  }
  written.sort((a, b) => numberOf(a) - numberOf(b));
}

describe('revenue', () => {
  test('in every grouping, scope, range and as of any number equals the sum over the entries up to it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(anyEntry, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 4 }),
        fc.array(anyQuestion, { minLength: 8, maxLength: 8 }),
        async (batches, questions) => {
          await emptyBooks();
          const written: SeededEntry[] = [];
          for (const batch of batches) {
            const entries = batch.map(({ integration, ...rest }, index) => {
              const { id, accountId } = integrations[integration] ?? { id: 0n, accountId: '' };
              return {
                ...rest,
                accountId,
                integrationId: id,
                conversionId: BigInt(written.length + index + 1),
                entryNo: 1,
              };
            });
            await seedEntries(db, entries);
            written.push(...entries);
            while ((await relayLedger(db, 3)) > 0);
          }
          await inOrderOfNumbers(written);
          for (const { groupBy, scope: wanted, from, to } of questions) {
            const scope = scopeOf(wanted);
            for (const seq of [0, Math.floor(written.length / 2), written.length]) {
              const answer = await readRevenue(db, {
                scope,
                groupBy,
                from,
                to,
                asOf: { seq: BigInt(seq) },
                page: 1,
                perPage: 1000,
              });
              const counted = written
                .slice(0, seq)
                .filter((entry) => isInScope(entry, scope))
                .filter(({ day }) => (from === undefined || day >= from) && (to === undefined || day <= to));
              expect(text(answer.rows).sort()).toEqual(text(recompute(counted, groupBy)).sort());
              expect(answer.total).toBe(answer.rows.length);
              if (seq !== written.length) continue;
              const stream = await streamRevenue(
                db,
                { scope, groupBy, from, to, asOf: { seq: BigInt(seq) } },
                { batchRowsMax: 2 },
              );
              const streamed: RevenueRow[] = [];
              for await (const rows of stream.batches) streamed.push(...rows);
              expect(text(streamed)).toEqual(text(answer.rows));
            }
          }
        },
      ),
      { numRuns: 10 },
    );
  });

  const entryOf = (conversionId: bigint, rest: Partial<SeededEntry> = {}): SeededEntry => ({
    conversionId,
    entryNo: 1,
    accountId: 'acc',
    integrationId: integrations[0]?.id ?? 0n,
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
  const ask = (rest: Partial<Parameters<typeof readRevenue>[1]> = {}) =>
    readRevenue(db, {
      scope: { accountId: 'acc' },
      groupBy: ['message'],
      asOf: 'latest',
      page: 1,
      perPage: 50,
      ...rest,
    });

  test('pages are ordered by key, none last, and add up to the whole also behind the last page', async () => {
    await emptyBooks();
    const names = ['b', 'a', null, 'C', 'd'];
    await seedEntries(
      db,
      names.map((messageId, index) => entryOf(BigInt(index + 1), { messageId })),
    );
    await relayLedger(db, 100);
    for (const groupBy of ['message', 'creative'] as const) {
      expect((await ask({ groupBy: [groupBy] })).rows.map((row) => row.key)).toEqual(
        groupBy === 'message' ? ['C', 'a', 'b', 'd', null] : [null],
      );
    }
    const pages = await Promise.all([1, 2, 3, 4].map((page) => ask({ page, perPage: 2 })));
    expect(pages.map((page) => page.rows.map((row) => row.key))).toEqual([['C', 'a'], ['b', 'd'], [null], []]);
    expect(pages.map((page) => page.total)).toEqual([5, 5, 5, 5]);
  });

  test('as of a moment means the numbers stamped until then; a moment or number to come is refused', async () => {
    await emptyBooks();
    await seedEntries(db, [entryOf(1n)]);
    await relayLedger(db, 100);
    const { rows } = await sql<{ at: Date; after: Date }>`
      SELECT last_at AS at, clock_timestamp() AS after FROM ledger_sequence`.execute(db);
    const { at, after } = rows[0] ?? { at: new Date(0), after: new Date(0) };
    // JavaScript's times end at the millisecond: one before the stamp's is surely before it.
    const before = new Date(at.getTime() - 1);
    await sql`SELECT pg_sleep(0.002)`.execute(db);
    await seedEntries(db, [entryOf(2n)]);
    await relayLedger(db, 100);
    expect(await ask({ asOf: { moment: before } })).toMatchObject({ asOfSeq: 0n, rows: [] });
    const between = await ask({ asOf: { moment: new Date(after.getTime() + 1) } });
    expect(between.rows.map((row) => [between.asOfSeq, row.revenue])).toEqual([[1n, 250_000n]]);
    await expect(ask({ asOf: { moment: new Date(Date.now() + 60_000) } })).rejects.toMatchObject({
      code: 'as_of_ahead',
    });
    await expect(ask({ asOf: { seq: 3n } })).rejects.toMatchObject({ code: 'as_of_ahead' });
  });

  test('a moment waits for a relay that has stamped and not committed yet', async () => {
    await emptyBooks();
    await seedEntries(db, [entryOf(1n)]);
    let asked: ReturnType<typeof ask> | undefined;
    await db.transaction().execute(async (tx) => {
      // The relay's own work, held open here between its stamp and its commit.
      await sql`SELECT pg_advisory_xact_lock(${RELAY_LOCK_KEY}::bigint)`.execute(tx);
      const { rows } = await sql<{ at: Date }>`
        UPDATE ledger_sequence SET last_seq = 1, last_at = clock_timestamp() RETURNING last_at AS at`.execute(tx);
      await sql`
        WITH taken AS (DELETE FROM ledger_unnumbered RETURNING *)
        INSERT INTO ledger_feed (first_seq, last_seq, integration_id, at, conversion_ids, entry_nos)
        SELECT 1, 1, t.integration_id, s.last_at, t.conversion_ids, t.entry_nos FROM taken t, ledger_sequence s`.execute(
        tx,
      );
      await sql`SELECT pg_sleep(0.003)`.execute(tx);
      const stampedAt = rows[0]?.at ?? new Date(0);
      asked = ask({ asOf: { moment: new Date(stampedAt.getTime() + 1) } });
      const waits = async (): Promise<boolean> => {
        const { rows: locks } = await sql<{ waits: boolean }>`
          SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())) AS waits`.execute(db);
        return locks[0]?.waits ?? false;
      };
      let answered = false;
      void asked.finally(() => (answered = true)).catch(() => undefined);
      while (!(await waits())) expect(answered).toBe(false);
    });
    expect(await asked).toMatchObject({ asOfSeq: 1n, total: 1 });
  });
});
