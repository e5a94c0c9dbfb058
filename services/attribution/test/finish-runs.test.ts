import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import {
  createConversionRun,
  databaseNow,
  finishSlice,
  inTransaction,
  openDatabase,
  recordPage,
  startRun,
  storeMessages,
  storePage,
  type Database,
} from '@trackly-tune/database';
import { windowOfDays, type ConversionFacts } from '@trackly-tune/domain';
import { createTestDatabase, type TestDatabase } from '@trackly-tune/testing';
import { drainBooks, drainedBooks } from './drain-books.js';

let database: TestDatabase;
let db: Database;
let close: () => Promise<void>;

beforeAll(async () => {
  database = await createTestDatabase();
  ({ db, close } = openDatabase({ databaseUrl: database.url, name: 'finish-runs.test' }));
});
afterAll(async () => {
  await close();
  await database.drop();
});

let integrations = 0;

interface World {
  readonly id: bigint;
  readonly accountId: string;
  readonly networkId: string;
}

async function addIntegration(): Promise<World> {
  const n = ++integrations;
  const [accountId, networkId] = [`account-${n}`, `network-${n}`];
  const { rows } = await sql<{ id: bigint }>`
    INSERT INTO integrations (account_id, network_id, affiliate_id, name, base_url, network_token_sealed,
      network_token_hint, time_zone_source, currency_source)
    VALUES (${accountId}, ${networkId}, '3', 'Demo', 'https://clicks.example.com', 'sealed', 'hint', 'given', 'given')
    RETURNING id`.execute(db);
  const id = rows[0]?.id ?? 0n;
  await sql`INSERT INTO integration_settings (integration_id, version, message_id_field, click_id_field,
      click_window_days, time_zone, default_currency)
    VALUES (${id}, 1, 'aff_sub', NULL, 90, 'America/New_York', 'USD')`.execute(db);
  await sql`INSERT INTO sync_schedules (integration_id, kind, enabled, every_ms, next_at, coverage_starts_at)
    VALUES (${id}, 'conversions', true, 3600000, clock_timestamp() + interval '1 hour', '2026-05-01T12:00:00Z')`.execute(
    db,
  );
  return { id, accountId, networkId };
}

function facts(n: number, changes: Partial<ConversionFacts> = {}): ConversionFacts {
  return {
    tune_event_id: `ev-${n}`,
    ad_id: `ad-${n}`,
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

/** A run whose only page is stored, as conversion-sync leaves it. */
async function pulledRun(
  world: World,
  rows: readonly ConversionFacts[],
  days = { from: '2026-05-01', to: '2026-05-04' },
): Promise<bigint> {
  const window = windowOfDays(days.from, days.to, 'America/New_York');
  const run = await inTransaction(db, (tx) =>
    createConversionRun(tx, { integrationId: world.id, networkId: world.networkId, window, trigger: 'schedule' }),
  );
  await startRun(db, run.id);
  const { rows: slices } = await sql<{ id: bigint }>`SELECT id FROM sync_slices WHERE run_id = ${run.id}`.execute(db);
  const sliceId = slices[0]?.id ?? 0n;
  const observedAt = await databaseNow(db);
  await inTransaction(db, async (tx) => {
    const stored = await storePage(tx, {
      integrationId: world.id,
      accountId: world.accountId,
      settingsVersion: 1,
      runId: run.id,
      observedAt,
      rows,
      unreadable: [],
    });
    const counts = { fetched: rows.length, ...stored, rejected: 0, apiCalls: 1 };
    await recordPage(tx, { sliceId, runId: run.id, observedAt, nextPage: 2, pageTotal: 1, ...counts });
    await finishSlice(tx, { id: sliceId, runId: run.id });
  });
  return run.id;
}

function sendMessage({ accountId }: World, n: number) {
  const sentAt = new Date('2026-05-01T00:00:00Z');
  const nothing = { creativeId: null, offerId: null, campaignId: null, contactId: null };
  return inTransaction(db, (tx) => storeMessages(tx, [{ ...nothing, accountId, messageId: `Msg0000${n}`, sentAt }]));
}

const settle = (on: Database = db) => drainBooks(on, 2);

async function runOf(runId: bigint) {
  const { rows } = await sql<Record<string, unknown>>`
    SELECT status, attributed_by_message_id AS found, unattributed AS none FROM sync_runs WHERE id = ${runId}`.execute(
    db,
  );
  return rows[0];
}

async function booksOf({ id }: World): Promise<string[]> {
  const { rows } = await sql<{ line: string }>`
    SELECT concat_ws(' ', e.entry_no, coalesce(e.message_id, 'none'), e.revenue_e5, e.conversions,
      f.seq IS NOT NULL) AS line
    FROM ledger_entries e LEFT JOIN ledger_feed f ON f.entry_id = e.id
    WHERE e.integration_id = ${id} ORDER BY e.message_id, e.entry_no`.execute(db);
  return rows.map((row) => row.line);
}

async function coveredThrough({ id }: World): Promise<Date | null> {
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
    const world = await addIntegration();
    await sendMessage(world, 1);
    const runId = await pulledRun(world, [facts(1), facts(2)]);
    expect(await runOf(runId)).toMatchObject({ status: 'running' });
    await settle();
    expect(await runOf(runId)).toEqual({ status: 'succeeded', found: 1, none: 1 });
    expect(await booksOf(world)).toEqual(['1 Msg00001 150000 1 t', '1 none 150000 1 t']);
  });

  test('a run without any conversion succeeds as well', async () => {
    const world = await addIntegration();
    const runId = await pulledRun(world, []);
    await settle();
    expect(await runOf(runId)).toEqual({ status: 'succeeded', found: 0, none: 0 });
  });

  test('covered_through moves forward only, and only by a window that joins what is covered', async () => {
    const world = await addIntegration();
    await pulledRun(world, [], { from: '2026-05-10', to: '2026-05-12' });
    await settle();
    // There is a hole between the start of the coverage and this window.
    expect(await coveredThrough(world)).toBeNull();
    await pulledRun(world, [], { from: '2026-05-01', to: '2026-05-12' });
    await settle();
    expect(await coveredThrough(world)).toEqual(new Date('2026-05-13T04:00:00Z'));
    await pulledRun(world, [], { from: '2026-05-01', to: '2026-05-03' });
    await settle();
    expect(await coveredThrough(world)).toEqual(new Date('2026-05-13T04:00:00Z'));
  });

  test('whichever statement fails, the next turn leaves the same books and ends the run once', async () => {
    const perfect = await addIntegration();
    await sendMessage(perfect, 1);
    await settle();
    await pulledRun(perfect, [facts(1), facts(2), facts(3)]);
    const counted = failingAt(0);
    await settle(counted.db);
    const [books, statements] = [await booksOf(perfect), counted.statements()];
    expect(books).toHaveLength(3);
    expect(statements).toBeGreaterThan(20);
    for (let failAt = 1; failAt <= statements; failAt++) {
      const world = await addIntegration();
      await sendMessage(world, 1);
      const runId = await pulledRun(world, [facts(1), facts(2), facts(3)]);
      await settle(failingAt(failAt).db).catch((error: unknown) => {
        if (!(error instanceof Killed)) throw error;
      });
      await settle();
      expect({ failAt, books: await booksOf(world) }).toEqual({ failAt, books });
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
    const [broken, fine] = [await addIntegration(), await addIntegration()];
    const brokenRun = await pulledRun(broken, [facts(1), facts(2)]);
    const breakIt = (version: number) =>
      sql`UPDATE conversions SET settings_version = ${version}
      WHERE integration_id = ${broken.id} AND tune_event_id = 'ev-1'`.execute(db);
    await breakIt(99);
    const fineRun = await pulledRun(fine, [facts(1)]);
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
    const before = await pulledRun(broken, [], { from: '2026-04-01', to: '2026-04-30' });
    await over.drain();
    expect(await runOf(before)).toMatchObject({ status: 'succeeded' });

    await breakIt(1);
    await sql`UPDATE parked_items SET not_before = clock_timestamp()`.execute(db);
    expect(await over.retry()).toBe(1);
    await over.drain();
    expect(await booksOf(broken)).toEqual(['1 none 150000 1 t', '1 none 150000 1 t']);
    const { rows: parked } = await sql`SELECT 1 FROM parked_items`.execute(db);
    expect(parked).toEqual([]);
    const again = await pulledRun(broken, []);
    await over.drain();
    expect(await runOf(again)).toEqual({ status: 'succeeded', found: 0, none: 2 });
  });
});
