import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  startReattribution,
  findLastConversionId,
  inTransaction,
  readRevenue,
  readRevenueChanges,
} from '@trackly-tune/database';
import { refuseRows, NUMBERED_ENTRIES } from '@trackly-tune/testing';
import { sql } from 'kysely';
import { drainedBooks } from './drain-books.js';
import { createSettleWorld, type Account, type SettleWorld } from './settle-world.js';

/** One account holds a row that PostgreSQL refuses; the other must not notice. */
let world: SettleWorld;
let bad: Account;
let good: Account;

beforeAll(async () => {
  world = await createSettleWorld('poison.test');
});
afterAll(() => world.close());
beforeEach(async () => {
  bad = await world.addAccount();
  good = await world.addAccount();
});

const BOOKED = ['none 150000 t', 'none 150000 t', 'none 150000 t'];

/** Takes the poison away, tries again, and expects nothing to be parked any more. */
async function heal(remove: () => Promise<void>, kind: string): Promise<void> {
  await remove();
  const books = drainedBooks(world.db);
  await world.endPauses();
  expect(await books.retry()).toBe(1);
  expect(books.said).toEqual([`${kind} went through`]);
  expect(await world.parked()).toEqual([]);
  await books.drain();
}

describe('one poison item stops no neighbour, is reported, and goes through when it can', () => {
  test('a transaction that cannot be settled', async () => {
    await world.pull(bad, [1, 2, 3]);
    await world.pull(good, [1, 2, 3]);
    const remove = await refuseRows(world.url, {
      ...{ table: 'ledger_entries', on: 'INSERT', when: `NEW.integration_id = ${bad.id}` },
    });
    const books = drainedBooks(world.db, { batchTransactionsMax: 100, parkedWaitMs: 3_600_000 });
    // What the parts settled is told, not only that the whole failed.
    expect(await books.drain()).toEqual({ marks: 0, transactions: 3, decisions: 3, entries: 3 });
    expect(await world.booksOf(good)).toEqual(BOOKED);
    expect(await world.booksOf(bad)).toEqual([]);
    expect(books.said).toEqual([
      'batch of transaction failed',
      ...Array.from({ length: 3 }, () => 'transaction parked'),
    ]);
    expect(await world.parked()).toEqual(Array.from({ length: 3 }, () => `transaction ${bad.accountId} 23514`));
    // Parked ones are left out of the sets: nothing fails any more.
    await world.pull(good, [4]);
    await books.drain();
    expect(books.said).toHaveLength(4);
    // A try in vain makes the pause longer, and is said.
    await world.endPauses();
    expect(await books.retry()).toBe(0);
    expect(books.said).toHaveLength(7);
    const { rows: pauses } = await sql<{ failures: number; minutes: number }>`
      SELECT failures, round(extract(epoch FROM not_before - tried_at) / 60)::float8 AS minutes
      FROM parked_items`.execute(world.db);
    expect(pauses).toEqual(Array.from({ length: 3 }, () => ({ failures: 2, minutes: 2 })));
    await remove();
    await world.endPauses();
    expect(await books.retry()).toBe(3);
    await books.drain();
    expect(await world.booksOf(bad)).toEqual(BOOKED);
    expect(await world.parked()).toEqual([]);
  });

  test('entries that cannot be folded: their account waits, the feed of all others goes on without a gap', async () => {
    const remove = await refuseRows(world.url, {
      ...{ table: 'revenue_totals', on: 'INSERT OR UPDATE', when: `NEW.integration_id = ${bad.id}` },
    });
    const badRun = await world.pull(bad, [1, 2, 3]);
    const goodRun = await world.pull(good, [1, 2, 3]);
    const books = drainedBooks(world.db, { parkedWaitMs: 3_600_000 });
    await books.drain();
    await world.pull(bad, [4]);
    await world.pull(good, [4]);
    await books.drain();
    expect(await world.parked()).toEqual([`ledger ${bad.accountId} 23514`]);
    expect(await world.booksOf(good)).toEqual([...BOOKED, 'none 150000 t']);
    expect(await world.booksOf(bad)).toEqual(Array.from({ length: 4 }, () => 'none 150000 f'));
    expect(await world.statusOf(goodRun)).toBe('succeeded');
    expect(await world.statusOf(badRun)).toBe('running');
    // Not on the books is not succeeded, whatever was settled.
    await drainedBooks(world.db, { parkedWaitMs: 0 }).drain();
    expect(await world.statusOf(badRun)).toBe('failed');

    const asked = { scope: { accountId: bad.accountId }, groupBy: ['offer'] as const, page: 1, perPage: 10 };
    const before = await readRevenue(world.db, { ...asked, asOf: 'latest' });
    expect(before.rows).toEqual([]);
    const cursor = before.asOfSeq;
    await heal(remove, 'ledger');
    expect(await world.booksOf(bad)).toEqual([...BOOKED, 'none 150000 t']);
    // What was answered stays, and the new numbers lie behind every cursor that was handed out.
    expect(await readRevenue(world.db, { ...asked, asOf: { seq: cursor } })).toEqual(before);
    const changes = await readRevenueChanges(world.db, { accountId: bad.accountId }, { after: cursor, limit: 10 });
    expect(changes.map(({ seq }) => seq)).toEqual([1n, 2n, 3n, 4n].map((n) => cursor + n));
    const entryIds = changes.map(({ conversion_id }) => conversion_id);
    expect(entryIds).toEqual([...entryIds].sort((a, b) => (a < b ? -1 : 1)));
    const { rows: whole } = await sql`
      SELECT (SELECT last_seq FROM ledger_sequence) = (SELECT count(*) FROM ${sql.raw(NUMBERED_ENTRIES)} n) AS gapless,
        (SELECT sum(revenue_e5) FROM revenue_totals) = (SELECT sum(e.revenue_e5) FROM ${sql.raw(NUMBERED_ENTRIES)} f
          JOIN ledger_entries e ON e.conversion_id = f.conversion_id AND e.entry_no = f.entry_no) AS exact`.execute(
      world.db,
    );
    expect(whole).toEqual([{ gapless: true, exact: true }]);
  });

  test('a postback that cannot be let in', async () => {
    const remove = await refuseRows(world.url, {
      ...{ table: 'conversions', on: 'INSERT', when: `NEW.integration_id = ${bad.id}` },
    });
    await world.sendPostback(bad, 1);
    await world.sendPostback(good, 1);
    const books = drainedBooks(world.db);
    await books.drain();
    expect(await world.booksOf(good)).toEqual(['none 250000 t']);
    expect(books.said).toEqual(['batch of postback failed', 'postback parked']);
    await heal(remove, 'postback');
    expect(await world.booksOf(bad)).toEqual(['none 250000 t']);
  });

  test('a late fact whose transactions cannot be re-opened', async () => {
    await world.pull(bad, [1]);
    await world.pull(good, [1]);
    const books = drainedBooks(world.db);
    await books.drain();
    const remove = await refuseRows(world.url, {
      ...{ table: 'due_transactions', on: 'INSERT', when: `NEW.integration_id = ${bad.id}` },
    });
    await world.sendMessage(bad, 1);
    await world.sendMessage(good, 1);
    await books.drain();
    expect(await world.booksOf(good)).toEqual(['none 150000 t', 'none -150000 t', 'Msg00001 150000 t']);
    expect(await world.booksOf(bad)).toEqual(['none 150000 t']);
    expect(books.said).toEqual(['batch of late_fact failed', 'late_fact parked']);
    await heal(remove, 'late_fact');
    expect(await world.booksOf(bad)).toEqual(['none 150000 t', 'none -150000 t', 'Msg00001 150000 t']);
  });

  test('an unconfirmed postback that cannot be told of', async () => {
    await world.sendPostback(bad, 1);
    await world.sendPostback(good, 1);
    const books = drainedBooks(world.db);
    await books.drain();
    await sql`UPDATE conversions SET confirm_by = clock_timestamp() WHERE confirm_by IS NOT NULL`.execute(world.db);
    const remove = await refuseRows(world.url, {
      ...{ table: 'integration_log', on: 'INSERT', when: `NEW.integration_id = ${bad.id}` },
    });
    await books.drain();
    const told = async ({ id }: Account) =>
      (
        await sql`SELECT 1 FROM integration_log
          WHERE integration_id = ${id} AND code = 'postback_unconfirmed'`.execute(world.db)
      ).rows.length;
    expect([await told(good), await told(bad)]).toEqual([1, 0]);
    expect(books.said).toEqual(['batch of unconfirmed_postback failed', 'unconfirmed_postback parked']);
    await heal(remove, 'unconfirmed_postback');
    expect(await told(bad)).toBe(1);
  });

  test('a run that cannot be ended, and that fails when it cannot be for too long', async () => {
    const remove = await refuseRows(world.url, {
      ...{ table: 'sync_schedules', on: 'UPDATE', when: `NEW.integration_id = ${bad.id}` },
    });
    const badRun = await world.pull(bad, [1]);
    const goodRun = await world.pull(good, [1]);
    const books = drainedBooks(world.db);
    await books.drain();
    expect([await world.statusOf(goodRun), await world.statusOf(badRun)]).toEqual(['succeeded', 'running']);
    expect(books.said).toEqual(['batch of finished_run failed', 'finished_run parked']);
    for (let tries = 2; tries <= 5; tries += 1) {
      await world.endPauses();
      await books.retry();
    }
    expect(await world.statusOf(badRun)).toBe('failed');
    expect(await world.parked()).toEqual([]);
    await remove();
  });

  test('a re-attribution that cannot go on', async () => {
    const scopeOf = async ({ id }: Account) => ({
      ...{ integrationId: id, settingsVersion: 1, conversionIds: null, from: null, to: null },
      throughId: await findLastConversionId(world.db, id),
    });
    await world.pull(bad, [1]);
    await world.pull(good, [1]);
    const books = drainedBooks(world.db);
    await books.drain();
    const remove = await refuseRows(world.url, {
      ...{ table: 'due_transactions', on: 'INSERT', when: `NEW.integration_id = ${bad.id}` },
    });
    const runs: bigint[] = [];
    for (const account of [bad, good]) {
      const scope = await scopeOf(account);
      runs.push((await inTransaction(world.db, (tx) => startReattribution(tx, scope))).id);
    }
    await books.drain();
    const [badRun = 0n, goodRun = 0n] = runs;
    expect([await world.statusOf(goodRun), await world.statusOf(badRun)]).toEqual(['succeeded', 'running']);
    expect(books.said).toEqual(['batch of reattribution failed', 'reattribution parked']);
    await heal(remove, 'reattribution');
    expect(await world.statusOf(badRun)).toBe('succeeded');
  });

  test('a step that fails for everybody keeps no other step from its work, and is thrown', async () => {
    await world.pull(good, [1]);
    await sql`ALTER TABLE reopen_marks RENAME TO reopen_marks_gone`.execute(world.db);
    const books = drainedBooks(world.db);
    await expect(books.drain()).rejects.toMatchObject({ code: '42P01' });
    await sql`ALTER TABLE reopen_marks_gone RENAME TO reopen_marks`.execute(world.db);
    expect(await world.booksOf(good)).toEqual(['none 150000 t']);
    expect(books.said).toEqual([]);
  });
});
