import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sql } from 'kysely';
import {
  acceptedDelivery,
  admitPostbacks,
  databaseNow,
  findConversion,
  inTransaction,
  listConversions,
  listPostbacks,
  openDatabase,
  readTrail,
  storeClicks,
  storeMessages,
  storePage,
  storePostbacks,
  type Database,
} from '@trackly-tune/database';
import type { ConversionFacts, SaidByPostback } from '@trackly-tune/domain';
import { addIntegration, createTestDatabase, type TestDatabase, CURRENT_DECISIONS } from '@trackly-tune/testing';
import { drainBooks } from './drain-books.js';

let database: TestDatabase;
let db: Database;
let close: () => Promise<void>;

beforeAll(async () => {
  database = await createTestDatabase();
  ({ db, close } = openDatabase({ databaseUrl: database.url, name: 'settle-postbacks.test' }));
});
afterAll(async () => {
  await close();
  await database.drop();
});

interface World {
  readonly id: bigint;
  readonly accountId: string;
  readonly offerId: bigint;
  readonly handMadeOfferId: bigint;
}

/** An integration of an account of its own with an offer of the network and one made by hand. */
async function addWorld(): Promise<World> {
  const { id, accountId } = await addIntegration(db, { networkId: 'demo' });
  const offers = await sql<{ id: bigint }>`
    INSERT INTO offers (integration_id, external_id, name, tracking_url, status)
    VALUES (${id}, '7', 'Seven', 'https://x.example.com', 'active'),
      (${id}, NULL, 'By hand', 'https://y.example.com', 'active') RETURNING id`.execute(db);
  return { id, accountId, offerId: offers.rows[0]!.id, handMadeOfferId: offers.rows[1]!.id };
}

function said(changes: Partial<SaidByPostback> = {}): SaidByPostback {
  return {
    txn_id: 'T1',
    click_id: null,
    message_id: 'Msg00001',
    goal_id: null,
    event: null,
    status: 'approved',
    amount: '10',
    currency: null,
    ...changes,
  };
}

const fire = (world: World, ...all: Partial<SaidByPostback>[]) =>
  storePostbacks(
    db,
    all.map((changes) => acceptedDelivery(world.offerId, said(changes))),
  );

function row(n: number, changes: Partial<ConversionFacts> = {}): ConversionFacts {
  return {
    tune_event_id: `e${n}`,
    ad_id: 'T1',
    offer_id: '7',
    affiliate_id: '3',
    local_time: '2026-05-02 10:43:11',
    status: 'approved',
    payout: '10.00',
    currency: 'USD',
    payout_column: 'payout',
    goal_id: '0',
    ids: {},
    ...changes,
  };
}

async function pull(world: World, ...rows: ConversionFacts[]) {
  const { id: integrationId, accountId } = world;
  const page = { integrationId, accountId, settingsVersion: 1, runId: 1n, unreadable: [] };
  const observedAt = await databaseNow(db);
  return inTransaction(db, (tx) => storePage(tx, { ...page, observedAt, rows }));
}

function sendMessage(world: World, n: number) {
  const nothingMore = { creativeId: `c${n}`, offerId: null, campaignId: null, contactId: null };
  const sentAt = new Date('2026-05-01T00:00:00Z');
  const fact = { ...nothingMore, accountId: world.accountId, messageId: `Msg0000${n}`, sentAt };
  return inTransaction(db, (tx) => storeMessages(tx, [fact]));
}

function sendClick(world: World, clickId: string, n: number) {
  const clickedAt = new Date('2026-05-02T00:00:00Z');
  const fact = { accountId: world.accountId, clickId, messageId: `Msg0000${n}`, offerId: null, clickedAt };
  return inTransaction(db, (tx) => storeClicks(tx, [{ ...fact, isBot: false }]));
}

const settle = () => drainBooks(db);

/** The books by message, from the ledger alone: revenue/unconfirmed/pending/conversions in whole units. */
async function books(world: World): Promise<string[]> {
  const { rows } = await sql<{ line: string }>`
    SELECT concat_ws(' ', coalesce(message_id, 'none'), concat_ws('/', sum(revenue_e5)::float8 / 100000,
      sum(unconfirmed_e5)::float8 / 100000, sum(pending_e5)::float8 / 100000, sum(conversions))) AS line
    FROM ledger_entries WHERE integration_id = ${world.id}
    GROUP BY message_id
    HAVING sum(revenue_e5) <> 0 OR sum(unconfirmed_e5) <> 0 OR sum(pending_e5) <> 0 OR sum(conversions) <> 0
    ORDER BY 1`.execute(db);
  return rows.map(({ line }) => line);
}

/** How each postback of a world counts, by amount. */
async function counting(world: World): Promise<string[]> {
  const { rows } = await sql<{ line: string }>`
    SELECT concat_ws(' ', coalesce(c.goal_id, '-'), coalesce(c.payout_e5 / 100000, 0), a.counting) AS line
    FROM conversions c JOIN ${sql.raw(CURRENT_DECISIONS)} a ON a.conversion_id = c.id
    WHERE c.integration_id = ${world.id} AND c.postback_key IS NOT NULL ORDER BY 1`.execute(db);
  return rows.map(({ line }) => line);
}

describe('a postback and the books', () => {
  test('it stands unconfirmed at once, and the pulled row takes its place in one transaction of the database', async () => {
    const world = await addWorld();
    await sendMessage(world, 1);
    expect(await fire(world, {})).toEqual([true]);
    await settle();
    expect(await books(world)).toEqual(['Msg00001 10/10/0/1']);
    await pull(world, row(1, { payout: '12.00' }));
    await settle();
    expect(await books(world)).toEqual(['Msg00001 12/0/0/1']);
    const { rows } = await sql<{ claimed_by: string | null; event: string | null; xmins: number }>`
      SELECT c.tune_event_id AS event, k.tune_event_id AS claimed_by,
        (SELECT count(DISTINCT e.xmin::text)::int FROM ledger_entries e WHERE e.integration_id = ${world.id}) AS xmins
      FROM conversions c JOIN ${sql.raw(CURRENT_DECISIONS)} a ON a.conversion_id = c.id
      LEFT JOIN conversions k ON k.id = a.claimed_by_id
      WHERE c.integration_id = ${world.id} ORDER BY c.id`.execute(db);
    // Two writings in all: the booking of the postback, then its reversal together with the booking of the row.
    expect(rows).toEqual([
      { event: null, claimed_by: 'e1', xmins: 2 },
      { event: 'e1', claimed_by: null, xmins: 2 },
    ]);
  });

  test('a repeated delivery is told apart and books nothing, in the same batch and later', async () => {
    const world = await addWorld();
    expect(await fire(world, {}, {}, { amount: '10.000' })).toEqual([true, false, false]);
    await settle();
    expect(await fire(world, {})).toEqual([false]);
    await settle();
    expect(await books(world)).toEqual(['none 10/10/0/1']);
  });

  test('two goals of one transaction are two conversions', async () => {
    const world = await addWorld();
    expect(await fire(world, { goal_id: '5' }, { goal_id: '6' })).toEqual([true, true]);
    await settle();
    expect(await books(world)).toEqual(['none 20/20/0/2']);
    await pull(world, row(1, { goal_id: '5' }));
    await settle();
    expect(await books(world)).toEqual(['none 20/10/0/2']);
    expect(await counting(world)).toEqual(['5 10 claimed', '6 10 approved']);
  });

  test('a later state is the same record, and an earlier one that comes again undoes nothing', async () => {
    const world = await addWorld();
    await fire(world, { status: 'pending' });
    await settle();
    expect(await books(world)).toEqual(['none 0/0/10/0']);
    expect(await fire(world, { status: 'approved' })).toEqual([true]);
    await settle();
    expect(await books(world)).toEqual(['none 10/10/0/1']);
    expect(await fire(world, { status: 'pending' })).toEqual([false]);
    await settle();
    expect(await books(world)).toEqual(['none 10/10/0/1']);
    await fire(world, { status: 'rejected' });
    await settle();
    expect(await books(world)).toEqual([]);
  });

  test('a late click and a late message find the postback, and through it the row that claimed it', async () => {
    const world = await addWorld();
    await fire(world, { click_id: 'own-click', message_id: 'Msg00001' });
    await pull(world, row(1));
    await settle();
    expect(await books(world)).toEqual(['none 10/0/0/1']);
    await sendMessage(world, 1);
    await settle();
    expect(await books(world)).toEqual(['Msg00001 10/0/0/1']);
    await sendMessage(world, 2);
    await sendClick(world, 'own-click', 2);
    await settle();
    expect(await books(world)).toEqual(['Msg00002 10/0/0/1']);
  });

  test('an offer that the network does not know books under our own id of it', async () => {
    const world = await addWorld();
    await storePostbacks(db, [acceptedDelivery(world.handMadeOfferId, said())]);
    await settle();
    const { rows } = await sql<{ external_offer_id: string; currency: string }>`
      SELECT external_offer_id, currency FROM ledger_entries WHERE integration_id = ${world.id}`.execute(db);
    expect(rows).toEqual([{ external_offer_id: `ofr_${world.handMadeOfferId}`, currency: 'USD' }]);
  });

  test('the settings of its receipt decide it, whatever changes before it is settled', async () => {
    const world = await addWorld();
    await sql`UPDATE offers SET currency = 'EUR', click_window_days = 5 WHERE id = ${world.offerId}`.execute(db);
    await fire(world, {});
    await sql`UPDATE offers SET currency = 'GBP', click_window_days = 9 WHERE id = ${world.offerId}`.execute(db);
    await settle();
    const { rows } = await sql<{ currency: string; click_window_days: number; settings_version: number }>`
      SELECT currency, click_window_days, settings_version FROM conversions
      WHERE integration_id = ${world.id}`.execute(db);
    expect(rows).toEqual([{ currency: 'EUR', click_window_days: 5, settings_version: 1 }]);
  });

  test('several copies at once let everything in and settle it exactly once', async () => {
    const world = await addWorld();
    await Promise.all(
      Array.from({ length: 12 }, (_, n) =>
        fire(world, { txn_id: `T${n % 6}`, status: n % 2 === 0 ? 'pending' : 'approved' }),
      ),
    );
    await Promise.all([settle(), settle(), settle()]);
    await settle();
    const { rows } = await sql<{ waiting: number; records: number }>`
      SELECT count(*) FILTER (WHERE conversion_id IS NULL)::int AS waiting, count(DISTINCT conversion_id)::int AS records
      FROM postbacks WHERE integration_id = ${world.id}`.execute(db);
    expect(rows).toEqual([{ waiting: 0, records: 6 }]);
    const [line] = await books(world);
    expect(line).toMatch(/^none (30\/30\/30\/3|\d+\/\d+\/\d+\/\d+)$/);
    expect(await counting(world)).toHaveLength(6);
  });
});

test('who lets postbacks in is told how many wait behind them', async () => {
  await settle();
  const world = await addWorld();
  await fire(world, ...[1, 2, 3, 4, 5].map((n) => ({ txn_id: `T${n}` })));
  const admit = (most: number) => inTransaction(db, (tx) => admitPostbacks(tx, most));
  expect(await admit(2)).toEqual({ admitted: 2, behind: 3 });
  expect(await admit(9)).toEqual({ admitted: 3, behind: 0 });
  expect(await admit(9)).toEqual({ admitted: 0, behind: 0 });
  await settle();
  expect(await books(world)).toEqual(['none 50/50/0/5']);
});

test('what no pull confirmed in time is reported once, and found by its status', async () => {
  const world = await addWorld();
  await fire(world, { txn_id: 'T1' }, { txn_id: 'T2' }, { txn_id: 'T3', status: 'rejected' });
  await pull(world, row(1, { ad_id: 'T2' }));
  await settle();
  const lines = async () =>
    (
      await sql<{ code: string; context: unknown }>`
        SELECT code, context FROM integration_log WHERE integration_id = ${world.id}`.execute(db)
    ).rows;
  expect(await lines()).toEqual([]);
  await sql`UPDATE conversions SET confirm_by = now(), first_seen_at = now() - interval '4 days'
    WHERE integration_id = ${world.id} AND confirm_by IS NOT NULL`.execute(db);
  await settle();
  await settle();
  const page = { after: 0n, limit: 10 };
  const unconfirmed = await listPostbacks(db, world.id, { status: 'unconfirmed' }, page);
  expect(unconfirmed).toMatchObject([{ said: { txn_id: 'T1' }, counting: 'approved', unconfirmed: true }]);
  const ids = [`cnv_${unconfirmed[0]!.conversion_id}`];
  expect(await lines()).toEqual([{ code: 'postback_unconfirmed', context: { count: 1, conversion_ids: ids } }]);
  expect(await listPostbacks(db, world.id, { status: 'claimed' }, page)).toMatchObject([{ said: { txn_id: 'T2' } }]);
});

test('a claimed postback is one conversion with its row, by list, by either id and in the trail', async () => {
  const world = await addWorld();
  await fire(world, {}, { txn_id: 'T9' });
  await settle();
  await pull(world, row(1));
  await settle();
  const listed = await listConversions(db, { integrationId: world.id }, { after: 0n, limit: 10 });
  expect(listed).toMatchObject([
    { tune_event_id: null, ad_id: 'T9', offer_id: world.offerId, counting: 'approved', claims_id: null },
    { tune_event_id: 'e1', counting: 'approved' },
  ]);
  const { id, claims_id: claimsId } = listed[1]!;
  expect(await findConversion(db, claimsId!)).toEqual(listed[1]);
  const trail = await readTrail(db, claimsId!, { rowsMax: 10 });
  expect(trail).toMatchObject({ conversion: { id }, complete: true, siblings: [], postback: { id: claimsId } });
  expect(trail?.postback?.entries.map((entry) => entry.revenue_e5)).toEqual([1_000_000n, -1_000_000n]);
  expect(trail?.postback?.decisions.map(({ cause }) => cause)).toEqual(['first_seen', 'pull']);
  expect(trail?.entries.map((entry) => entry.revenue_e5)).toEqual([1_000_000n]);
});

type Step =
  | { kind: 'postback'; no: number }
  | { kind: 'old-pull' }
  | { kind: 'pull'; no: number }
  | { kind: 'click' }
  | { kind: 'message'; n: number }
  | { kind: 'settle' };

/** Facts of one transaction: three goals, one of them with two conversions; one that was rejected; a refund. */
const POSTBACKS: Partial<SaidByPostback>[] = [
  { goal_id: '5', amount: '5' },
  { goal_id: '6', amount: '6' },
  { goal_id: '6', amount: '7', message_id: 'Msg00002' },
  { goal_id: null, amount: null, status: 'rejected' },
  { goal_id: '8', amount: '8' },
  { event: 'refund', amount: '3' },
  { goal_id: '9', amount: '9', status: 'pending' },
];
const ROWS: ConversionFacts[] = [
  row(1, { goal_id: '5', payout: '5.00' }),
  row(2, { goal_id: '6', payout: '6.50' }),
  row(3, { goal_id: '6', payout: '7.00' }),
  row(4, { goal_id: '0', payout: '4.00', status: 'rejected' }),
];

/** Every fact in some order, some of them repeated, with settling in between. */
const arbitrarySteps: fc.Arbitrary<Step[]> = fc
  .record({
    postbacks: fc.constant(POSTBACKS.map((_said, no): Step => ({ kind: 'postback', no }))),
    repeated: fc.array(fc.nat({ max: POSTBACKS.length - 1 }).map((no): Step => ({ kind: 'postback', no }))),
    settles: fc.array(fc.constant<Step>({ kind: 'settle' }), { maxLength: 4 }),
    olds: fc.array(fc.constant<Step>({ kind: 'old-pull' }), { maxLength: 2 }),
  })
  .chain(({ postbacks, repeated, settles, olds }) => {
    const rows = ROWS.map((_row, no): Step => ({ kind: 'pull', no }));
    const platform: Step[] = [{ kind: 'click' }, { kind: 'message', n: 1 }, { kind: 'message', n: 2 }];
    const all = [...postbacks, ...repeated, ...settles, ...olds, ...rows, ...platform];
    return fc.shuffledSubarray(all, { minLength: all.length });
  });

test('the final books do not depend on order, repetition and batching of postbacks, pulls, clicks and messages', async () => {
  await fc.assert(
    fc.asyncProperty(arbitrarySteps, async (steps) => {
      const world = await addWorld();
      for (const step of steps) {
        if (step.kind === 'settle') await settle();
        else if (step.kind === 'postback') await fire(world, POSTBACKS[step.no]!);
        else if (step.kind === 'click') await sendClick(world, 'late', 1);
        else if (step.kind === 'message') await sendMessage(world, step.n);
        // What was pulled before a row had its last word.
        else if (step.kind === 'old-pull') await pull(world, row(2, { goal_id: '5', payout: '99', status: 'pending' }));
        else await pull(world, ROWS[step.no]!);
      }
      // The last pull has the last word on all of them.
      await pull(world, ...ROWS);
      await settle();
      expect(await counting(world)).toEqual([
        '- -3 superseded',
        '- 0 claimed',
        '5 5 claimed',
        '6 6 claimed',
        '6 7 claimed',
        '8 8 approved',
        '9 9 pending',
      ]);
      // 5 + 6.5 + 8 (unconfirmed) for the first message with 9 pending, 7 for the second.
      expect(await books(world)).toEqual(['Msg00001 19.5/8/9/3', 'Msg00002 7/0/0/1']);
    }),
    { numRuns: 25 },
  );
});
