import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createBackfillRun, createSchedules, findRun, inTransaction, readRevenue } from '@trackly-tune/database';
import { startOfDay, windowOfDays } from '@trackly-tune/domain';
import { startDueSchedule } from '@trackly-tune/sync-engine';
import type { SimulatedNetwork } from '@trackly-tune/tune-simulator';
import { drainBooks } from '../../services/attribution/test/drain-books.js';
import { scheduledChanges } from '../../services/conversion-sync/src/use-cases/scheduled-changes.js';
import type { Integration } from '../../services/conversion-sync/test/pull-world.js';
import {
  ago,
  startSimulatedWorld,
  ZONE,
  type SimulatedWorld,
} from '../../services/conversion-sync/test/simulated-world.js';

const DAY_MS = 86_400_000;

let world: SimulatedWorld;
let network: SimulatedNetwork;
let integration: Integration;

beforeAll(async () => {
  world = await startSimulatedWorld();
  ({ network, integration } = await world.add());
  const off = { enabled: false, everyMs: DAY_MS };
  await world.db.deleteFrom('sync_schedules').where('integration_id', '=', integration.id).execute();
  await inTransaction(world.db, (tx) =>
    createSchedules(tx, integration.id, { conversions: off, offers: off, changes: { enabled: true, everyMs: DAY_MS } }),
  );
});
afterAll(() => world.close());

async function settle(): Promise<void> {
  await drainBooks(world.db, 500);
}

interface Line {
  readonly revenue: bigint;
  readonly pending: bigint;
  readonly conversions: number;
}

/** Sums by day as the books have them, and as the network counts them; days of nothing left out. */
async function bothBooks(): Promise<{ ours: string[]; theirs: string[] }> {
  const question = { scope: { integrationId: integration.id }, groupBy: ['day'] as const, page: 1, perPage: 1_000 };
  const { rows } = await readRevenue(world.db, { ...question, asOf: 'latest' });
  const show = (key: string | null, { revenue, pending, conversions }: Line) =>
    `${key ?? 'none'} ${revenue} ${pending} ${conversions}`;
  const e5 = (text: string) => BigInt(text.replace('.', ''));
  const theirs = network.books({ affiliateId: '3' }).byDay.map(({ day, revenue, pending, conversions }) => ({
    day,
    line: { revenue: e5(revenue), pending: e5(pending), conversions },
  }));
  const isSomething = ({ line }: { line: Line }) => line.revenue !== 0n || line.pending !== 0n || line.conversions > 0;
  return {
    ours: rows.map((row) => show(row.key, { ...row, conversions: Number(row.conversions) })).sort(),
    theirs: theirs
      .filter(isSomething)
      .map(({ day, line }) => show(day, line))
      .sort(),
  };
}

async function expectAgreement(): Promise<void> {
  const { ours, theirs } = await bothBooks();
  expect(theirs.length).toBeGreaterThan(20);
  expect(ours).toEqual(theirs);
}

/** The pass of one day: started as its schedule starts it, pulled, settled. */
async function pass(): Promise<void> {
  await world.db
    .updateTable('sync_schedules')
    .set({ next_at: new Date() })
    .where('integration_id', '=', integration.id)
    .where('kind', '=', 'changes')
    .execute();
  expect(
    await startDueSchedule(
      world.db,
      scheduledChanges(() => 0.5),
      integration.id,
    ),
  ).toBe(network.id);
  await world.pull(network.id, { pageRowsMax: 100 });
  await settle();
}

const eventOf = (age: number): string =>
  [...network.conversions({ affiliateId: '3' })].find(({ datetime }) => datetime.startsWith(ago(age)))?.tuneEventId ??
  '';

const scheduleOf = (kind: string) =>
  world.db
    .selectFrom('sync_schedules')
    .selectAll()
    .where('integration_id', '=', integration.id)
    .where('kind', '=', kind)
    .executeTakeFirstOrThrow();

describe('days past', () => {
  test('that are filled in agree with the network, and what is covered grows backwards only', async () => {
    network.plantConversions({
      count: 200,
      from: ago(100),
      to: ago(8),
      shares: { pending: 0.2, otherAffiliates: 0.1 },
    });
    for (const age of [40, 45]) network.addConversion({ datetime: `${ago(age)} 12:00:00`, affiliateId: '3' });
    const window = windowOfDays(ago(100), ago(1), ZONE);
    const { id } = await inTransaction(world.db, (tx) =>
      createBackfillRun(tx, { integrationId: integration.id, window }),
    );
    await world.pull(network.id, { pageRowsMax: 100 });
    await settle();
    expect(await findRun(world.db, id)).toMatchObject({ status: 'succeeded', progress_done: 100, progress_total: 100 });
    await expectAgreement();
    const covered = await scheduleOf('conversions');
    expect(covered.coverage_starts_at).toEqual(startOfDay(ago(100), ZONE));
    expect(covered.covered_through).toEqual(window.coversTo);
    expect(covered.last_succeeded_at).toBeNull();
  });

  test('that lie apart from what is covered change nothing of it', async () => {
    const before = await scheduleOf('conversions');
    const window = windowOfDays(ago(140), ago(130), ZONE);
    await inTransaction(world.db, (tx) => createBackfillRun(tx, { integrationId: integration.id, window }));
    await world.pull(network.id, { pageRowsMax: 100 });
    await settle();
    expect(await scheduleOf('conversions')).toEqual(before);
  });
});

describe('a change on an old day', () => {
  test('that the network tells of is in the books after one pass', async () => {
    network.changeConversion(eventOf(40), { status: 'rejected' });
    const { ours, theirs } = await bothBooks();
    expect(ours).not.toEqual(theirs);
    await pass();
    await expectAgreement();
  });

  test('that it does not tell of is in the books after the next rung', async () => {
    const capabilities = { 'Conversion::findUpdatedConversions': false, 'Conversion::findAddedConversions': false };
    network.configure({ capabilities });
    network.changeConversion(eventOf(45), { status: 'rejected' });
    // The last pass was made yesterday.
    await world.db
      .updateTable('sync_schedules')
      .set({ ladder_through: ago(1) })
      .where('integration_id', '=', integration.id)
      .where('kind', '=', 'changes')
      .execute();
    await pass();
    await expectAgreement();
  });
});
