import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  dropBatch,
  inTransaction,
  longestWindow,
  openDatabase,
  readLongWindows,
  RETAINED_TABLES,
  storeClicks,
  storeMessages,
  type Database,
  type Retention,
} from '@trackly-tune/database';
import fc from 'fast-check';
import { sql } from 'kysely';
import { dropOld } from '../src/use-cases/drop-old.js';
import { settleDue } from '../src/use-cases/settle-due.js';
import { drainedBooks } from './drain-books.js';
import { createSettleWorld, type Account, type SettleWorld } from './settle-world.js';

const CLICKS_DAYS = 400;
const LOG_DAYS = 300;
const RETENTION: Retention = { clicksDays: CLICKS_DAYS, logDays: LOG_DAYS, longWindows: [], blocks: 16, waitMs: 5_000 };

let world: SettleWorld;
let db: Database;
let account: Account;

beforeAll(async () => {
  world = await createSettleWorld('retention.test');
  db = world.db;
});
afterAll(() => world.close());
beforeEach(async () => {
  account = await world.addAccount();
});

async function send(
  ids: { clicks?: readonly (readonly [string, string])[]; messages?: readonly string[] },
  days = 500,
) {
  const at = new Date('2026-04-30T00:00:00Z');
  const { accountId } = account;
  const [clicks, messages] = [ids.clicks ?? [], ids.messages ?? []];
  await inTransaction(db, async (tx) => {
    const common = { accountId, offerId: null };
    await storeMessages(
      tx,
      messages.map((messageId) => ({
        ...{ ...common, messageId, creativeId: null, campaignId: null, contactId: null, sentAt: at },
      })),
    );
    await storeClicks(
      tx,
      clicks.map(([clickId, messageId]) => ({ ...common, clickId, messageId, clickedAt: at, isBot: false })),
    );
  });
  await age('clicks', sql`click_id = ANY(${clicks.map(([id]) => id)}::text[])`, days);
  await age('messages', sql`message_id = ANY(${messages}::text[])`, days);
}

/** As if they had been received so many days ago. */
async function age(table: 'clicks' | 'messages', which: ReturnType<typeof sql>, days: number): Promise<void> {
  await sql`UPDATE ${sql.table(table)} SET received_at = now() - ${days} * interval '1 day'
    WHERE account_id = ${account.accountId} AND ${which}`.execute(db);
}

async function kept(table: 'clicks' | 'messages'): Promise<string[]> {
  const id = table === 'clicks' ? 'click_id' : 'message_id';
  const { rows } = await sql<{ id: string }>`SELECT ${sql.ref(id)} AS id FROM ${sql.table(table)}
    WHERE account_id = ${account.accountId} ORDER BY 1`.execute(db);
  return rows.map((row) => row.id);
}

/** A whole pass over every table, whenever the last one was. */
async function passOver(changes: Partial<Parameters<typeof dropOld>[0]> = {}): Promise<string[]> {
  await sql`UPDATE retention_passes SET finished_at = NULL`.execute(db);
  const said: string[] = [];
  await dropOld({
    ...{ db, clicksDays: CLICKS_DAYS, logDays: LOG_DAYS, signal: new AbortController().signal },
    onDropped: (table, rows) => void (rows > 0 && said.push(`${table} ${rows}`)),
    onFailed: (table, error) => void said.push(`${table} failed: ${String(error)}`),
    onLongWindows: () => undefined,
    ...changes,
  });
  return said;
}

const drain = () => drainedBooks(db).drain();

describe('clicks and messages', () => {
  test('that are old and used by nothing are dropped: the message when its last click is gone', async () => {
    await send({
      clicks: [
        ['old-1', 'Msgold01'],
        ['old-2', 'Msgold01'],
      ],
      messages: ['Msgold01', 'Msgold02'],
    });
    await send({ clicks: [['young', 'Msgyoung']], messages: ['Msgyoung'] }, 399);
    expect(await passOver()).toEqual(expect.arrayContaining(['clicks 2', 'messages 2']));
    expect([await kept('clicks'), await kept('messages')]).toEqual([['young'], ['Msgyoung']]);
  });

  test('that a transaction looks for are kept, found or not, decided or not', async () => {
    await send({
      clicks: [
        ['ad-1', 'Msgclick'],
        ['unused', 'Msg00003'],
      ],
      messages: ['Msgclick', 'Msg00002', 'Msg00003'],
    });
    await world.pull(account, [1, 2]);
    expect(await passOver()).toEqual(expect.arrayContaining(['clicks 1', 'messages 1']));
    await drain();
    const books = await world.booksOf(account);
    await passOver();
    // Row 1 looks for Msg00001, which does not exist, and found its click; row 2 found its message.
    expect([await kept('clicks'), await kept('messages')]).toEqual([['ad-1'], ['Msg00002', 'Msgclick']]);
    expect(await world.booksOf(account)).toEqual(books);
    expect(books).toHaveLength(2);
  });

  test('of a postback are kept', async () => {
    await world.sendPostback(account, 5);
    await drain();
    const { rows } = await sql<{ said: { txn_id: string | null; click_id: string | null; message_id: string | null } }>`
      SELECT facts AS said FROM conversion_versions v JOIN conversions c ON c.id = v.conversion_id
      WHERE c.integration_id = ${account.id}`.execute(db);
    const said = rows[0]?.said;
    const named = [said?.txn_id, said?.click_id].flatMap((id) => (typeof id === 'string' ? [id] : []));
    const message = said?.message_id ?? 'Msgnone1';
    await send({ clicks: named.map((id) => [id, message] as const), messages: [message] });
    await passOver();
    expect(await kept('clicks')).toEqual(named.sort());
    expect(await kept('messages')).toEqual(named.length > 0 || said?.message_id ? [message] : []);
  });

  test('of a longer click window are kept for it and thirty days', async () => {
    await sql`UPDATE integration_settings SET click_window_days = 600 WHERE integration_id = ${account.id}`.execute(db);
    expect(await readLongWindows(db, CLICKS_DAYS)).toEqual([{ accountId: account.accountId, windowDays: 600 }]);
    await send({ clicks: [['in-window', 'Msgwind1']], messages: ['Msgwind1'] }, 629);
    await send({ clicks: [['beyond', 'Msgwind2']], messages: ['Msgwind2'] }, 631);
    await passOver();
    expect([await kept('clicks'), await kept('messages')]).toEqual([['in-window'], ['Msgwind1']]);
    await sql`UPDATE integration_settings SET click_window_days = 90 WHERE integration_id = ${account.id}`.execute(db);
    await sql`UPDATE offers SET click_window_days = 371 WHERE id = ${account.offerId}`.execute(db);
    expect(await readLongWindows(db, CLICKS_DAYS)).toEqual([{ accountId: account.accountId, windowDays: 371 }]);
    await sql`UPDATE offers SET click_window_days = NULL WHERE id = ${account.offerId}`.execute(db);
    expect([longestWindow(400), longestWindow(31)]).toEqual([370, 1]);
  });

  test('whatever is sent, pulled and dropped in whatever order: nothing used goes, nothing else old stays', async () => {
    const ids = [1, 2, 3, 4, 5, 6];
    const steps = fc.array(
      fc.oneof(
        fc.record({ do: fc.constant('click' as const), n: fc.constantFrom(...ids), old: fc.boolean() }),
        fc.record({ do: fc.constant('message' as const), n: fc.constantFrom(...ids), old: fc.boolean() }),
        fc.record({ do: fc.constant('pull' as const), n: fc.constantFrom(...ids) }),
        fc.record({ do: fc.constantFrom('drain' as const, 'drop' as const) }),
      ),
      { minLength: 4, maxLength: 14 },
    );
    await fc.assert(
      fc.asyncProperty(steps, async (list) => {
        account = await world.addAccount();
        for (const step of list) {
          if (step.do === 'click') await send({ clicks: [[`ad-${step.n}`, `Msg1000${step.n}`]] }, step.old ? 500 : 1);
          if (step.do === 'message') await send({ messages: [`Msg0000${step.n}`] }, step.old ? 500 : 1);
          if (step.do === 'pull') await world.pull(account, [step.n]);
          if (step.do === 'drain') await drain();
          if (step.do === 'drop') await passOver();
        }
        await drain();
        const before = [await world.booksOf(account), await trails()];
        await passOver();
        expect([await world.booksOf(account), await trails()]).toEqual(before);
        const { rows } = await sql`
          SELECT d.click_id, d.message_id FROM decisions d JOIN conversions c ON c.id = d.conversion_id
          WHERE c.integration_id = ${account.id} AND (
            d.click_id IS NOT NULL AND NOT EXISTS (SELECT FROM clicks k
              WHERE k.account_id = ${account.accountId} AND k.click_id = d.click_id)
            OR d.message_id IS NOT NULL AND NOT EXISTS (SELECT FROM messages k
              WHERE k.account_id = ${account.accountId} AND k.message_id = d.message_id))`.execute(db);
        expect(rows).toEqual([]);
        const pulled = new Set(list.flatMap((step) => (step.do === 'pull' ? [`ad-${step.n}`] : [])));
        const { rows: old } = await sql<{ click_id: string }>`SELECT click_id FROM clicks
          WHERE account_id = ${account.accountId} AND received_at < now() - interval '400 days'`.execute(db);
        expect(old.filter(({ click_id }) => !pulled.has(click_id))).toEqual([]);
      }),
      { numRuns: 25, seed: 20_261_127 },
    );
  });

  async function trails(): Promise<unknown> {
    const { rows } = await sql`
      SELECT d.conversion_id, d.no, d.reason, d.click_id, k.clicked_at, d.message_id, m.sent_at FROM decisions d
      JOIN conversions c ON c.id = d.conversion_id
      LEFT JOIN clicks k ON k.account_id = ${account.accountId} AND k.click_id = d.click_id
      LEFT JOIN messages m ON m.account_id = ${account.accountId} AND m.message_id = d.message_id
      WHERE c.integration_id = ${account.id} ORDER BY 1, 2`.execute(db);
    return rows;
  }
});

describe('a decision and a drop at the same time', () => {
  test('the drop waits for the decision, and keeps what it names', async () => {
    await send({ clicks: [['ad-1', 'Msgrace1']], messages: ['Msgrace1'] });
    await sql`UPDATE retention_passes SET finished_at = NULL`.execute(db);
    // The row is stored by a pull while the batch is about to look: it is due, and being decided.
    await world.pull(account, [1]);
    const other = openDatabase({ databaseUrl: world.url, name: 'retention.test other' });
    const deciding = await blockDecision();
    const settled = settleDue(db, { transactionsMax: 10 });
    await deciding.reached;
    await expect(dropBatch(other.db, 'clicks', { ...RETENTION, waitMs: 100 })).rejects.toMatchObject({ code: '55P03' });
    const dropped = dropBatch(other.db, 'clicks', RETENTION);
    await deciding.letGo();
    await settled;
    await dropped;
    expect(await kept('clicks')).toEqual(['ad-1']);
    await other.close();
  });

  test('a decision waits for the drop, and knows of it', async () => {
    await send({ clicks: [['ad-2', 'Msgrace2']], messages: ['Msgrace2'] });
    await sql`UPDATE retention_passes SET finished_at = NULL`.execute(db);
    const other = openDatabase({ databaseUrl: world.url, name: 'retention.test other' });
    const tx = await other.db.startTransaction().execute();
    // Has looked and found no use; its commit is still to come.
    await sql`SELECT pg_advisory_xact_lock(hashtextextended('trackly-tune retention of facts', 0))`.execute(tx);
    await sql`DELETE FROM clicks WHERE account_id = ${account.accountId}`.execute(tx);
    await world.pull(account, [2]);
    const settled = settleDue(db, { transactionsMax: 10 });
    await tx.commit().execute();
    await settled;
    const { rows } = await sql<{ method: string }>`SELECT method FROM decisions d
      JOIN conversions c ON c.id = d.conversion_id WHERE c.integration_id = ${account.id}`.execute(db);
    expect(rows).toEqual([{ method: 'none' }]);
    await other.close();
  });

  /** Decisions cannot be written until `letGo`. */
  async function blockDecision(): Promise<{ reached: Promise<void>; letGo: () => Promise<void> }> {
    const blocker = openDatabase({ databaseUrl: world.url, name: 'retention.test blocker' });
    const tx = await blocker.db.startTransaction().execute();
    await sql`LOCK TABLE decisions IN SHARE ROW EXCLUSIVE MODE`.execute(tx);
    const waits = async (): Promise<void> => {
      for (;;) {
        const { rows } =
          await sql`SELECT 1 FROM pg_locks WHERE relation = 'decisions'::regclass AND NOT granted`.execute(tx);
        if (rows.length > 0) return;
      }
    };
    return {
      reached: waits(),
      async letGo() {
        await tx.commit().execute();
        await blocker.close();
      },
    };
  }
});

describe('passes', () => {
  test('go on where a killed process left them, a few pages at a time', async () => {
    await sql`INSERT INTO clicks (account_id, click_id, message_id, clicked_at, received_at)
      SELECT ${account.accountId}, 'many-' || n, 'Msgmany1', now(), now() - interval '500 days'
      FROM generate_series(1, 2000) n`.execute(db);
    await sql`UPDATE retention_passes SET finished_at = NULL, next_block = 0`.execute(db);
    const first = await dropBatch(db, 'clicks', { ...RETENTION, blocks: 2 });
    expect(first).toMatchObject({ finished: false });
    const { rows } = await sql<{ next_block: string }>`
      SELECT next_block::text FROM retention_passes WHERE table_name = 'clicks'`.execute(db);
    expect(rows).toEqual([{ next_block: '2' }]);
    let batches = 1;
    while (!(await dropBatch(db, 'clicks', { ...RETENTION, blocks: 2 }))?.finished) batches += 1;
    expect(batches).toBeGreaterThan(5);
    expect(await kept('clicks')).toEqual([]);
    // And then none is due.
    expect(await dropBatch(db, 'clicks', RETENTION)).toBeNull();
  });

  test('are worked on by one process at a time', async () => {
    await sql`UPDATE retention_passes SET finished_at = NULL, next_block = 0`.execute(db);
    const other = openDatabase({ databaseUrl: world.url, name: 'retention.test other' });
    const tx = await other.db.startTransaction().execute();
    await sql`SELECT 1 FROM retention_passes WHERE table_name = 'clicks' FOR UPDATE`.execute(tx);
    expect(await dropBatch(db, 'clicks', RETENTION)).toBeNull();
    await tx.rollback().execute();
    expect(await dropBatch(db, 'clicks', RETENTION)).not.toBeNull();
    await other.close();
  });

  test.each(RETAINED_TABLES)('a table that fails stops no other: %s', async (table) => {
    await sql`UPDATE retention_passes SET finished_at = NULL`.execute(db);
    await sql`CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF NEW.table_name = ${sql.lit(table)} THEN RAISE EXCEPTION 'poison'; END IF; RETURN NEW; END $$`.execute(db);
    await sql`CREATE TRIGGER poison BEFORE UPDATE ON retention_passes FOR EACH ROW WHEN (NEW.finished_at IS NOT NULL)
      EXECUTE FUNCTION poison()`.execute(db);
    const said = await passOver();
    await sql`DROP FUNCTION poison CASCADE`.execute(db);
    expect(said.filter((line) => line.includes('failed'))).toEqual([`${table} failed: error: poison`]);
    const { rows } = await sql<{ table_name: string }>`
      SELECT table_name FROM retention_passes WHERE finished_at IS NULL`.execute(db);
    expect(rows).toEqual([{ table_name: table }]);
  });
});

describe('logs, runs and postbacks', () => {
  test('that are old are dropped; the last run of each kind, open runs and accepted postbacks are not', async () => {
    const { id } = account;
    const ended = async (kind: string, days: number): Promise<bigint> => {
      const { rows } = await sql<{ id: bigint }>`
        INSERT INTO sync_runs (integration_id, kind, trigger, status, queued_at, started_at, pulled_at, finished_at)
        SELECT ${id}, ${kind}, 'manual', 'succeeded', t, t, t, t FROM (SELECT now() - ${days} * interval '1 day' AS t) a
        RETURNING id`.execute(db);
      const runId = rows[0]?.id ?? 0n;
      await sql`INSERT INTO sync_slices (run_id, integration_id, lease_key, done_at) VALUES (${runId}, ${id}, 'x', now())`.execute(
        db,
      );
      return runId;
    };
    const [, oldOffers] = [await ended('conversions', 500), await ended('offers', 500)];
    const young = await ended('conversions', 299);
    const open = await world.pull(account, [1]);
    await sql`UPDATE sync_runs SET queued_at = now() - interval '500 days' WHERE id = ${open}`.execute(db);
    await sql`INSERT INTO integration_log (integration_id, level, code, message, at)
      VALUES (${id}, 'info', 'old', 'old', now() - interval '301 days'), (${id}, 'info', 'young', 'young', now() - interval '299 days')`.execute(
      db,
    );
    await world.sendPostback(account, 3);
    await sql`UPDATE postbacks SET received_at = now() - interval '500 days' WHERE integration_id = ${id}`.execute(db);
    await sql`INSERT INTO postbacks (integration_id, offer_id, refused_code, refused_reason, said, settings_version,
        click_window_days, offer_key, currency, received_at)
      SELECT ${id}, ${account.offerId}, 'payout_unreadable', 'no', '{}', 1, 90, '7', 'USD', now() - d * interval '1 day'
      FROM unnest(ARRAY[301, 299]) d`.execute(db);
    expect(await passOver()).toEqual(['integration_log 1', 'postbacks 1', 'sync_runs 1']);
    const runs = await sql<{ id: bigint }>`SELECT id FROM sync_runs WHERE integration_id = ${id} ORDER BY id`.execute(
      db,
    );
    expect(runs.rows.map((row) => row.id)).toEqual([oldOffers, young, open]);
    const log = await sql<{ code: string }>`SELECT code FROM integration_log WHERE integration_id = ${id}
      AND code IN ('old', 'young')`.execute(db);
    expect(log.rows).toEqual([{ code: 'young' }]);
    const said = await sql<{ refused: boolean }>`SELECT refused_code IS NOT NULL AS refused FROM postbacks
      WHERE integration_id = ${id} ORDER BY received_at`.execute(db);
    expect(said.rows.map((row) => row.refused)).toEqual([false, true]);
  });
});
