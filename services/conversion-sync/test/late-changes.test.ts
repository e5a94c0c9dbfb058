import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { endSettledRun, inTransaction } from '@trackly-tune/database';
import { addDays, CodedError } from '@trackly-tune/domain';
import { startDueSchedule, startDueSchedules } from '@trackly-tune/sync-engine';
import type { FaultKind, SimulatedNetwork } from '@trackly-tune/tune-simulator';
import { sql } from 'kysely';
import { scheduledChanges } from '../src/use-cases/scheduled-changes.js';
import { addRun, logOf, type Integration } from './pull-world.js';
import {
  ago,
  pulledOf,
  shownBy,
  startSimulatedWorld,
  storedOf,
  TODAY,
  type SimulatedWorld,
} from './simulated-world.js';

let world: SimulatedWorld;
let network: SimulatedNetwork;
let integration: Integration;

beforeAll(async () => {
  world = await startSimulatedWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  ({ network, integration } = await world.add());
  world.before = () => undefined;
  const { id } = integration;
  await sql`
    INSERT INTO sync_schedules (integration_id, kind, enabled, every_ms, next_at, coverage_starts_at)
    VALUES (${id}, 'changes', true, 86400000, clock_timestamp(), clock_timestamp())`.execute(world.db);
  await sql`UPDATE sync_schedules SET coverage_starts_at = clock_timestamp() - interval '200 days'
    WHERE integration_id = ${id} AND kind = 'conversions'`.execute(world.db);
  // What is older than the look-back is in the books.
  network.plantConversions({ count: 60, from: ago(100), to: ago(10) });
  await addRun(world.db, integration, { from: ago(100), to: ago(8) });
  await world.pull(integration.networkId);
  world.asked.length = 0;
});

async function startPass(random = () => 0.5): Promise<bigint> {
  await sql`UPDATE sync_schedules SET next_at = clock_timestamp()
    WHERE integration_id = ${integration.id} AND kind = 'changes'`.execute(world.db);
  expect(await startDueSchedule(world.db, scheduledChanges(random), integration.id)).toBe(integration.networkId);
  const { rows } = await sql<{ id: bigint }>`
    SELECT max(id) AS id FROM sync_runs WHERE integration_id = ${integration.id} AND kind = 'changes'`.execute(
    world.db,
  );
  return rows[0]?.id ?? 0n;
}

/** One pass, as on the day after the last one: due, started, pulled and (as attribution does) ended. */
async function pass(random = () => 0.5): Promise<bigint> {
  const id = await startPass(random);
  await world.pull(integration.networkId);
  await inTransaction(world.db, (tx) => endSettledRun(tx, id, { parkedWaitMs: 0 }));
  return id;
}

const dated = (age: number): string => {
  const found = [...network.conversions({ affiliateId: '3' })].find(({ datetime }) => datetime.startsWith(ago(age)));
  return (
    found?.tuneEventId ?? network.addConversion({ datetime: `${ago(age)} 12:00:00`, affiliateId: '3' }).tuneEventId
  );
};
const readDays = (): string[] =>
  world.asked.filter(({ what }) => /^\d.*\/1$/.test(what)).map(({ what }) => what.slice(0, 10));

interface Marks {
  readonly hinted: string | null;
  readonly ladder: string | null;
}

async function marks(): Promise<Marks | undefined> {
  const { rows } = await sql<Marks>`
    SELECT hinted_through AS hinted, ladder_through AS ladder FROM sync_schedules
    WHERE integration_id = ${integration.id} AND kind = 'changes'`.execute(world.db);
  return rows[0];
}

async function hintsOf(): Promise<string | undefined> {
  const { rows } = await sql<{ told: string }>`
    SELECT late_changes AS told FROM network_traits WHERE integration_id = ${integration.id}`.execute(world.db);
  return rows[0]?.told;
}

describe('a change that the network tells of', () => {
  test('on day 40, or added by hand, is read again from the report within one pass', async () => {
    network.changeConversion(dated(40), { status: 'rejected' });
    network.addConversion({ datetime: `${ago(71)} 09:00:00`, affiliateId: '3', byHand: true, payout: '7.00000' });
    expect(await storedOf(world.db, integration)).not.toEqual(shownBy(network));
    const runId = await pass();
    expect(readDays()).toEqual(expect.arrayContaining([ago(40), ago(71)]));
    expect(await storedOf(world.db, integration)).toEqual(shownBy(network));
    expect(await hintsOf()).toBe('available');
    expect(await marks()).toEqual({ hinted: TODAY, ladder: TODAY });
    const run = await pulledOf(world.db, runId);
    expect(run).toMatchObject({ status: 'succeeded', pulled: true, total: run.done });
    expect(new Set(world.asked.map(({ lane }) => lane))).toEqual(new Set(['background']));
  });

  test('is not read again where every pull reads anyway', async () => {
    network.changeConversion(dated(3), { status: 'rejected' });
    await pass();
    expect(readDays()).not.toContain(ago(3));
  });

  test('is asked for over overlapping days, from where the last pass that succeeded ended', async () => {
    await sql`UPDATE sync_schedules SET hinted_through = ${ago(5)}::date
      WHERE integration_id = ${integration.id} AND kind = 'changes'`.execute(world.db);
    await pass();
    expect(world.asked.map(({ what }) => what)).toEqual(
      expect.arrayContaining([`updated ${ago(7)}..${ago(-1)}`, `added ${ago(7)}..${ago(-1)}`]),
    );
  });

  test('is asked for again after a pass that failed or was cancelled; the watermark never moves back', async () => {
    await pass();
    world.before = ({ what }) => {
      if (/^\d/.test(what)) throw new CodedError('token_rejected', 'no', { advice: 'never' });
    };
    await sql`UPDATE sync_schedules SET hinted_through = ${ago(9)}::date, ladder_through = ${ago(1)}::date
      WHERE integration_id = ${integration.id} AND kind = 'changes'`.execute(world.db);
    network.changeConversion(dated(40), { status: 'rejected' });
    const failed = await pass();
    expect(await pulledOf(world.db, failed)).toMatchObject({ status: 'failed' });
    expect(await marks()).toEqual({ hinted: ago(9), ladder: ago(1) });
    world.before = () => undefined;
    await pass();
    expect(await marks()).toEqual({ hinted: TODAY, ladder: TODAY });
    expect(await storedOf(world.db, integration)).toEqual(shownBy(network));
    // A pass whose moment lies before what is known, as after a clock that was corrected.
    await sql`UPDATE sync_schedules SET hinted_through = ${ago(-3)}::date, ladder_through = ${ago(-3)}::date
      WHERE integration_id = ${integration.id} AND kind = 'changes'`.execute(world.db);
    await pass();
    expect(await marks()).toEqual({ hinted: ago(-3), ladder: ago(-3) });
  });
});

describe('a change that the network does not tell of', () => {
  test('is found by the ladder at the next rung', async () => {
    const changed = dated(45);
    network.configure({ capabilities: { 'Conversion::findUpdatedConversions': false } });
    network.changeConversion(changed, { status: 'rejected' });
    await pass();
    expect(readDays()).toEqual(expect.arrayContaining([14, 30, 45, 60, 90].map(ago)));
    expect(await storedOf(world.db, integration)).toEqual(shownBy(network));
  });

  test('does not read again what was never pulled', async () => {
    await sql`UPDATE sync_schedules SET coverage_starts_at = clock_timestamp() - interval '7 days'
      WHERE integration_id = ${integration.id} AND kind = 'conversions'`.execute(world.db);
    const held = new Set((await storedOf(world.db, integration)).map((line) => line.split(' ')[1]));
    await pass();
    for (const day of readDays()) expect(held).toContain(day);
  });

  test('of a rung whose pass was missed is read by the next pass', async () => {
    await sql`UPDATE sync_schedules SET ladder_through = ${ago(3)}::date
      WHERE integration_id = ${integration.id} AND kind = 'changes'`.execute(world.db);
    await pass();
    expect(readDays()).toEqual(expect.arrayContaining([14, 15, 16, 30, 31, 32].map(ago)));
  });
});

describe('a network that does not tell', () => {
  test('because it forbids the call is shown once, and shown again as soon as it tells', async () => {
    network.configure({
      capabilities: { 'Conversion::findUpdatedConversions': false, 'Conversion::findAddedConversions': false },
    });
    const runId = await pass();
    expect(await pulledOf(world.db, runId)).toMatchObject({ status: 'succeeded', hinted_through: null });
    expect(await hintsOf()).toBe('not_available');
    await pass();
    const lines = (await logOf(world.db, integration)).filter((code) => code.startsWith('changes_'));
    expect(lines).toEqual(['changes_not_available']);
    expect((await marks())?.hinted).toBeNull();
    network.configure({ capabilities: {} });
    await pass();
    expect(await hintsOf()).toBe('available');
    expect(await logOf(world.db, integration)).toContain('changes_available');
  });

  test('because it does not know the method is taken for one that forbids it', async () => {
    world.before = ({ what }) => {
      if (/^(updated|added)/.test(what)) {
        throw new CodedError('tune_error', 'TUNE says: no such method', { advice: 'retry-later' });
      }
    };
    await pass();
    expect(await hintsOf()).toBe('not_available');
    expect(readDays().length).toBeGreaterThan(0);
  });

  test('in a way that can be understood costs the ladder nothing, and is said', async () => {
    world.before = ({ what }) => {
      if (/^updated/.test(what)) {
        throw new CodedError('unexpected_answer', 'nonsense', { advice: 'retry-later' });
      }
    };
    const runId = await pass();
    expect(await pulledOf(world.db, runId)).toMatchObject({ status: 'succeeded', hinted_through: null });
    expect(await logOf(world.db, integration)).toContain('changes_unread');
    expect((await marks())?.hinted).toBeNull();
  });
});

describe('a list of changes that is not whole', () => {
  const LIST = { method: 'Conversion::findUpdatedConversions' } as const;
  const faults = () => world.simulator.faults;
  afterEach(() => faults().clear());

  /** A pass of which every wait is over at once. */
  async function passToTheEnd(): Promise<bigint> {
    const started = await startPass();
    for (let times = 0; times < 3; times++) {
      await world.pull(integration.networkId);
      await sql`UPDATE sync_slices SET not_before = NULL WHERE run_id = ${started}`.execute(world.db);
    }
    await inTransaction(world.db, (tx) => endSettledRun(tx, started, { parkedWaitMs: 0 }));
    return started;
  }

  test.each<[FaultKind, object]>([
    ['short_page', {}],
    ['count_fall', { by: -1 }],
    ['data_null', {}],
    ['data_null', { whole: true }],
  ])('by %s %j is read again, and the pass succeeds when it is', async (kind, detail) => {
    network.changeConversion(dated(40), { status: 'rejected' });
    faults().next(kind, { ...LIST, ...detail, network: network.id });
    expect(await pulledOf(world.db, await passToTheEnd())).toMatchObject({
      status: 'succeeded',
      hinted_through: TODAY,
    });
    expect(await storedOf(world.db, integration)).toEqual(shownBy(network));
    expect(await logOf(world.db, integration)).toContain('report_incomplete');
  });

  test('three times costs the ladder nothing and fails the pass, whose days the next one asks for again', async () => {
    network.changeConversion(dated(40), { status: 'rejected' });
    faults().set({ ...LIST, network: network.id, rate: 1, kinds: ['short_page'] });
    const failed = await passToTheEnd();
    expect(await pulledOf(world.db, failed)).toMatchObject({ status: 'failed', pulled: true, hinted_through: null });
    expect(readDays()).toEqual(expect.arrayContaining([14, 30, 45, 60, 90].map(ago)));
    expect(await marks()).toEqual({ hinted: null, ladder: TODAY });
    expect((await logOf(world.db, integration)).filter((code) => code === 'report_incomplete')).toHaveLength(3);
    faults().clear();
    await passToTheEnd();
    expect(await marks()).toEqual({ hinted: TODAY, ladder: TODAY });
    expect(await storedOf(world.db, integration)).toEqual(shownBy(network));
  });

  test('is not thought of one without counts', async () => {
    network.configure({ countless: true });
    network.changeConversion(dated(40), { status: 'rejected' });
    expect(await pulledOf(world.db, await passToTheEnd())).toMatchObject({
      status: 'succeeded',
      hinted_through: TODAY,
    });
    expect(await storedOf(world.db, integration)).toEqual(shownBy(network));
  });
});

describe('the schedule of passes', () => {
  const due = () =>
    startDueSchedules(world.db, [scheduledChanges(() => 0.5)], (_id, error) => {
      throw error;
    });

  test('starts a pass once, and moves to its own minute of the next day', async () => {
    expect(await due()).toEqual([integration.networkId]);
    expect(await due()).toEqual([]);
    const { rows } = await sql<{ hours: number }>`
      SELECT (extract(epoch FROM next_at - clock_timestamp()) / 3600)::float8 AS hours FROM sync_schedules
      WHERE integration_id = ${integration.id} AND kind = 'changes'`.execute(world.db);
    expect(rows[0]?.hours).toBeGreaterThan(0);
    expect(rows[0]?.hours).toBeLessThanOrEqual(24);
  });

  test('that is off starts nothing; a pass that is still open gets no second one', async () => {
    const set = (changes: { enabled: boolean }) =>
      world.db
        .updateTable('sync_schedules')
        .set({ ...changes, next_at: new Date() })
        .where('integration_id', '=', integration.id)
        .where('kind', '=', 'changes')
        .execute();
    await set({ enabled: false });
    expect(await due()).toEqual([]);
    await set({ enabled: true });
    expect(await due()).toEqual([integration.networkId]);
    await set({ enabled: true });
    expect(await due()).toEqual([]);
    expect(await logOf(world.db, integration)).toContain('run_still_open');
  });

  test('re-reads a random older day once a month', async () => {
    await sql`UPDATE sync_schedules SET ladder_through = ${addDays(ago(0), -32)}::date
      WHERE integration_id = ${integration.id} AND kind = 'changes'`.execute(world.db);
    await pass(() => 0);
    expect(readDays()).toContain(ago(91));
  });
});
