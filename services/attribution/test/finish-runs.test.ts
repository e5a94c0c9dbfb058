import { NUMBERED_ENTRIES } from '@trackly-tune/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import type { Database } from '@trackly-tune/database';
import { drainBooks, drainedBooks } from './drain-books.js';
import { createSettleWorld, type Account, type SettleWorld } from './settle-world.js';

let world: SettleWorld;
let db: Database;

beforeAll(async () => {
  world = await createSettleWorld('finish-runs.test');
  ({ db } = world);
});
afterAll(() => world.close());

const settle = (on: Database = db) => drainBooks(on, 2);

async function runOf(runId: bigint) {
  const { rows } = await sql<Record<string, unknown>>`
    SELECT status, attributed_by_message_id AS found, unattributed AS none FROM sync_runs WHERE id = ${runId}`.execute(
    db,
  );
  return rows[0];
}

async function booksOf({ id }: Account): Promise<string[]> {
  const { rows } = await sql<{ line: string }>`
    SELECT concat_ws(' ', e.entry_no, coalesce(e.message_id, 'none'), e.revenue_e5, e.conversions,
      f.seq IS NOT NULL) AS line
    FROM ledger_entries e LEFT JOIN ${sql.raw(NUMBERED_ENTRIES)} f
      ON f.conversion_id = e.conversion_id AND f.entry_no = e.entry_no
    WHERE e.integration_id = ${id} ORDER BY e.message_id, e.entry_no`.execute(db);
  return rows.map((row) => row.line);
}

async function coveredThrough({ id }: Account): Promise<Date | null> {
  const { rows } = await sql<{ at: Date | null }>`
    SELECT covered_through AS at FROM sync_schedules WHERE integration_id = ${id}`.execute(db);
  return rows[0]?.at ?? null;
}

class Killed extends Error {
  readonly code = '57P01';
}

/** The same database, of which the statement number `failAt` fails as if the server went away. */
function failingAt(failAt: number): { db: Database; statements(): number } {
  let statements = 0;
  const failing = db.withPlugin({
    transformQuery: ({ node }) => {
      if (++statements === failAt) throw new Killed('the server is going away');
      return node;
    },
    transformResult: async ({ result }) => result,
  });
  return { db: failing, statements: () => statements };
}

describe('runs that end', () => {
  test('succeeded means settled, numbered and counted, also where nothing matched', async () => {
    const account = await world.addAccount();
    await world.sendMessage(account, 1);
    const runId = await world.pull(account, [1, 2]);
    expect(await runOf(runId)).toMatchObject({ status: 'running' });
    await settle();
    expect(await runOf(runId)).toEqual({ status: 'succeeded', found: 1, none: 1 });
    expect(await booksOf(account)).toEqual(['1 Msg00001 150000 1 t', '1 none 150000 1 t']);
  });

  test('a run without any conversion succeeds as well', async () => {
    const account = await world.addAccount();
    const runId = await world.pull(account, []);
    await settle();
    expect(await runOf(runId)).toEqual({ status: 'succeeded', found: 0, none: 0 });
  });

  test('covered_through moves forward only, and only by a window that joins what is covered', async () => {
    const account = await world.addAccount();
    await world.pull(account, [], { from: '2026-05-10', to: '2026-05-12' });
    await settle();
    // There is a hole between the start of the coverage and this window.
    expect(await coveredThrough(account)).toBeNull();
    await world.pull(account, [], { from: '2026-05-01', to: '2026-05-12' });
    await settle();
    expect(await coveredThrough(account)).toEqual(new Date('2026-05-13T04:00:00Z'));
    await world.pull(account, [], { from: '2026-05-01', to: '2026-05-03' });
    await settle();
    expect(await coveredThrough(account)).toEqual(new Date('2026-05-13T04:00:00Z'));
  });

  test('whichever statement fails, the next turn leaves the same books and ends the run once', async () => {
    const perfect = await world.addAccount();
    await world.sendMessage(perfect, 1);
    await settle();
    await world.pull(perfect, [1, 2, 3]);
    const counted = failingAt(0);
    await settle(counted.db);
    const [books, statements] = [await booksOf(perfect), counted.statements()];
    expect(books).toHaveLength(3);
    expect(statements).toBeGreaterThan(20);
    for (let failAt = 1; failAt <= statements; failAt++) {
      const account = await world.addAccount();
      await world.sendMessage(account, 1);
      const runId = await world.pull(account, [1, 2, 3]);
      await settle(failingAt(failAt).db).catch((error: unknown) => {
        if (!(error instanceof Killed)) throw error;
      });
      await settle();
      expect({ failAt, books: await booksOf(account) }).toEqual({ failAt, books });
      expect({ failAt, run: await runOf(runId) }).toEqual({
        failAt,
        run: { status: 'succeeded', found: 1, none: 2 },
      });
      const { rows: told } = await sql`
        SELECT 1 FROM integration_log WHERE run_id = ${runId} AND code = 'run_succeeded'`.execute(db);
      expect(told).toHaveLength(1);
    }
  });

  test('a transaction that cannot be settled is parked; its run waits for a while and then ends, saying so', async () => {
    const [broken, fine] = [await world.addAccount(), await world.addAccount()];
    const brokenRun = await world.pull(broken, [1, 2]);
    const breakIt = (version: number) =>
      sql`UPDATE conversions SET settings_version = ${version}
      WHERE integration_id = ${broken.id} AND tune_event_id = 'ev-1'`.execute(db);
    await breakIt(99);
    const fineRun = await world.pull(fine, [1]);
    const waiting = drainedBooks(db, { parkedWaitMs: 3_600_000 });
    await waiting.drain();
    await waiting.drain();
    expect(waiting.said).toEqual(['batch of transaction failed', 'transaction parked']);
    expect(await runOf(fineRun)).toMatchObject({ status: 'succeeded' });
    expect(await runOf(brokenRun)).toMatchObject({ status: 'running' });
    expect(await booksOf(broken)).toEqual(['1 none 150000 1 t']);

    const over = drainedBooks(db, { parkedWaitMs: 0 });
    await over.drain();
    expect(await runOf(brokenRun)).toEqual({ status: 'failed', found: 0, none: 1 });
    const { rows: ended } = await sql`SELECT error_code, parked FROM sync_runs WHERE id = ${brokenRun}`.execute(db);
    expect(ended).toEqual([{ error_code: 'transactions_parked', parked: 1 }]);
    const { rows: told } = await sql<{ level: string; code: string }>`
      SELECT level, code FROM integration_log WHERE run_id = ${brokenRun} AND code <> 'offer_not_imported'`.execute(db);
    expect(told).toEqual([{ level: 'warn', code: 'transactions_parked' }]);
    // Everything that was pulled is stored: the next pull does not have to read it again.
    expect(await coveredThrough(broken)).not.toBeNull();
    const { rows: schedules } = await sql`
      SELECT last_succeeded_at FROM sync_schedules WHERE integration_id = ${broken.id}`.execute(db);
    expect(schedules).toEqual([{ last_succeeded_at: null }]);

    // A window without it succeeds at once, one that holds it does not.
    const before = await world.pull(broken, [], { from: '2026-04-01', to: '2026-04-30' });
    await over.drain();
    expect(await runOf(before)).toMatchObject({ status: 'succeeded' });

    await breakIt(1);
    await sql`UPDATE parked_items SET not_before = clock_timestamp()`.execute(db);
    expect(await over.retry()).toBe(1);
    await over.drain();
    expect(await booksOf(broken)).toEqual(['1 none 150000 1 t', '1 none 150000 1 t']);
    const { rows: parked } = await sql`SELECT 1 FROM parked_items`.execute(db);
    expect(parked).toEqual([]);
    const again = await world.pull(broken, []);
    await over.drain();
    expect(await runOf(again)).toEqual({ status: 'succeeded', found: 0, none: 2 });
  });
});
