import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  createBackfillRun,
  inTransaction,
  networksWithWork,
  pauseRun,
  requestCancel,
  resumeRun,
} from '@trackly-tune/database';
import { addDays, CodedError, daysBetween, windowOfDays } from '@trackly-tune/domain';
import type { SimulatedNetwork } from '@trackly-tune/tune-simulator';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { createBackgroundTurns, createUrgentWatches } from '@trackly-tune/sync-engine';
import { addRun, logOf, type Integration } from './pull-world.js';
import { ago, pulledOf, shownBy, slicesOf, startSimulatedWorld, storedOf, ZONE } from './simulated-world.js';
import type { SimulatedWorld } from './simulated-world.js';

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
  world.asked.length = 0;
});

async function backfill(from: string, to: string, { id } = integration): Promise<bigint> {
  const window = windowOfDays(from, to, ZONE);
  const run = await inTransaction(world.db, (tx) => createBackfillRun(tx, { integrationId: id, window }));
  return run.id;
}

async function isOpen(runId: bigint): Promise<boolean> {
  const { status, pulled } = await pulledOf(world.db, runId);
  return !pulled && ['queued', 'running'].includes(status);
}

/** Every day of a window, oldest first. */
const daysOf = (from: string, to: string): string[] =>
  Array.from({ length: daysBetween(from, to) + 1 }, (_, n) => addDays(from, n));

/** The slices of a run join without a gap and without an overlap, and all are done. */
async function expectEachDayDoneOnce(runId: bigint, from: string, to: string): Promise<void> {
  const slices = await slicesOf(world.db, runId);
  expect(slices.every(({ done }) => done)).toBe(true);
  const ms = (text: string) => Date.parse(`${text.replace(' ', 'T')}Z`);
  slices.slice(1).forEach((slice, index) => expect(ms(slice.from) - ms(slices[index]?.to ?? '')).toBe(1000));
  expect([slices[0]?.from, slices.at(-1)?.to]).toEqual([`${from} 00:00:00`, `${to} 23:59:59`]);
}

/** A small generator of numbers from 0 to 1, the same for a seed. */
function seeded(seed: number): () => number {
  let state = seed * 2_654_435_761;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 0x9e3779b9) >>> 0;
    return state / 2 ** 32;
  };
}

describe('a backfill', () => {
  test('reads every day once, newest first, in portions, and ends with what the network has', async () => {
    const [from, to] = [ago(100), ago(10)];
    network.plantConversions({ count: 60, from, to, shares: { otherAffiliates: 0.2, pending: 0.2 } });
    const runId = await backfill(from, to);
    expect(await slicesOf(world.db, runId)).toHaveLength(31);
    expect(await world.pull(integration.networkId)).toBe('idle');
    expect(await pulledOf(world.db, runId)).toMatchObject({ pulled: true, done: 91, total: 91 });
    await expectEachDayDoneOnce(runId, from, to);
    const firstPages = world.asked.filter(({ what }) => what.endsWith('/1')).map(({ what }) => what.slice(0, 10));
    expect(firstPages).toEqual(daysOf(from, to).reverse());
    expect(new Set(world.asked.map(({ lane }) => lane))).toEqual(new Set(['background']));
    expect(await storedOf(world.db, integration)).toEqual(shownBy(network));
  });

  test('reads a busy day in parts, and counts it as one day', async () => {
    const day = ago(20);
    network.plantConversions({ count: 120, from: day, to: day });
    network.plantConversions({ count: 3, from: ago(19), to: ago(19) });
    const runId = await backfill(day, ago(19));
    await world.pull(integration.networkId, { dayPagesMax: 4 });
    expect((await slicesOf(world.db, runId)).length).toBeGreaterThan(5);
    await expectEachDayDoneOnce(runId, day, ago(19));
    expect(await pulledOf(world.db, runId)).toMatchObject({ pulled: true, done: 2, total: 2 });
    expect(await storedOf(world.db, integration)).toEqual(shownBy(network));
  });

  test('of a window that is open is that run; another window is another run', async () => {
    const first = await backfill(ago(20), ago(10));
    expect(await backfill(ago(20), ago(10))).toBe(first);
    await sql`UPDATE sync_runs SET status = 'running', started_at = clock_timestamp() WHERE id = ${first}`.execute(
      world.db,
    );
    expect(await backfill(ago(20), ago(10))).toBe(first);
    expect(await backfill(ago(20), ago(11))).not.toBe(first);
    await sql`UPDATE sync_runs SET status = 'failed', finished_at = clock_timestamp(), error_code = 'timeout',
      error_message = 'No answer' WHERE id = ${first}`.execute(world.db);
    expect(await backfill(ago(20), ago(10))).not.toBe(first);
  });

  test('outlasts a network that is away for a while, instead of failing', async () => {
    network.plantConversions({ count: 5, from: ago(20), to: ago(19) });
    const runId = await backfill(ago(20), ago(19));
    world.before = () => {
      throw new CodedError('unreachable', 'away', { advice: 'retry' });
    };
    for (let tries = 0; tries < 12; tries++) {
      await sql`UPDATE sync_slices SET not_before = NULL WHERE run_id = ${runId}`.execute(world.db);
      await world.pull(integration.networkId);
    }
    expect(await pulledOf(world.db, runId)).toMatchObject({ status: 'running', pulled: false });
    world.before = () => undefined;
    await sql`UPDATE sync_slices SET not_before = NULL WHERE run_id = ${runId}`.execute(world.db);
    await world.pull(integration.networkId);
    expect(await pulledOf(world.db, runId)).toMatchObject({ pulled: true });
    expect(await storedOf(world.db, integration)).toEqual(shownBy(network));
  });

  test('fails at once when the token is refused', async () => {
    network.configure({ token: 'another' });
    const runId = await backfill(ago(20), ago(19));
    await world.pull(integration.networkId);
    expect(await pulledOf(world.db, runId)).toMatchObject({ status: 'failed' });
    expect(await logOf(world.db, integration)).toContain('token_rejected');
  });
});

describe('a backfill whose workers die', () => {
  /** A point is a question to TUNE: the worker is stopped, loses its lease, or dies with the answer in its hands. */
  async function dieAt(seed: number, before: Map<string, () => Promise<void>>): Promise<void> {
    const one = await world.add();
    const { networkId } = one.integration;
    const random = seeded(seed);
    const [from, to] = [ago(46), ago(12)];
    one.network.plantConversions({ count: 40, from, to, seed, shares: { rejected: 0.2 } });
    one.network.plantConversions({ count: 30, from: ago(30), to: ago(30), seed });
    const runId = await backfill(from, to, one.integration);
    let left = 1 + Math.floor(random() * 40);
    const way = Math.floor(random() * 3);
    const stop = new AbortController();
    before.set(networkId, async () => {
      if (--left !== 0) return;
      if (way === 0) stop.abort();
      if (way === 1) {
        const lost = await sql`UPDATE network_leases SET epoch = epoch + 1, expires_at = clock_timestamp()
          WHERE lease_key = ${`conversions:${networkId}`}`.execute(world.db);
        expect({ seed, lost: lost.numAffectedRows }).toEqual({ seed, lost: 1n });
      }
      if (way === 2) throw Object.assign(new Error('the store went away'), { code: '57P01' });
    });
    const options = { dayPagesMax: 3 };
    await world.pull(networkId, { ...options, signal: stop.signal }).catch((error: unknown) => {
      if ((error as { code?: string }).code !== '57P01') throw error;
    });
    expect({ seed, left }).toEqual({ seed, left: 0 });
    before.delete(networkId);
    for (let tries = 0; tries < 5 && (await isOpen(runId)); tries++) await world.pull(networkId, options);
    expect({ seed, run: await pulledOf(world.db, runId) }).toMatchObject({
      seed,
      run: { pulled: true, done: 35, total: 35 },
    });
    await expectEachDayDoneOnce(runId, from, to);
    expect({ seed, stored: await storedOf(world.db, one.integration) }).toEqual({ seed, stored: shownBy(one.network) });
  }

  test('loses no slice and doubles none, at fifty points', async () => {
    const before = new Map<string, () => Promise<void>>();
    world.before = ({ networkId }) => before.get(networkId)?.();
    // Each has a network of its own, so that some go on while others wait for the database.
    const seeds = Array.from({ length: 50 }, (_, n) => n + 1).values();
    const oneAfterTheOther = async () => {
      for (const seed of seeds) await dieAt(seed, before);
    };
    await Promise.all(Array.from({ length: 5 }, oneAfterTheOther));
  }, 240_000);
});

describe('pausing and cancelling', () => {
  test('a paused backfill asks nothing more, keeps its place, and goes on where it stopped', async () => {
    network.plantConversions({ count: 30, from: ago(20), to: ago(10) });
    const runId = await backfill(ago(20), ago(10));
    world.before = async () => {
      if (world.asked.length === 4) await inTransaction(world.db, (tx) => pauseRun(tx, runId));
    };
    expect(await world.pull(integration.networkId)).toBe('idle');
    expect(world.asked).toHaveLength(4);
    expect(await pulledOf(world.db, runId)).toMatchObject({ status: 'running', pulled: false, paused: true });
    expect((await networksWithWork(world.db, 'conversions:')).map((one) => one.networkId)).not.toContain(network.id);
    await world.pull(integration.networkId);
    expect(world.asked).toHaveLength(4);
    world.before = () => undefined;
    expect(await inTransaction(world.db, (tx) => resumeRun(tx, runId))).toBe('resumed');
    expect((await networksWithWork(world.db, 'conversions:')).map((one) => one.networkId)).toContain(network.id);
    await world.pull(integration.networkId);
    expect(await pulledOf(world.db, runId)).toMatchObject({ pulled: true, paused: false });
    expect(new Set(world.asked.map(({ what }) => what)).size).toBe(world.asked.length);
    expect(await storedOf(world.db, integration)).toEqual(shownBy(network));
    expect(await inTransaction(world.db, (tx) => pauseRun(tx, runId))).toBeNull();
  });

  test('a cancelled backfill ends at its next page, a paused one at once; what was stored stays', async () => {
    network.plantConversions({ count: 30, from: ago(20), to: ago(10) });
    const runId = await backfill(ago(20), ago(10));
    world.before = async () => {
      if (world.asked.length === 4) await inTransaction(world.db, (tx) => requestCancel(tx, runId));
    };
    await world.pull(integration.networkId);
    expect(await pulledOf(world.db, runId)).toMatchObject({ status: 'cancelled' });
    expect(world.asked).toHaveLength(4);
    expect((await storedOf(world.db, integration)).length).toBeGreaterThan(0);
    const second = await backfill(ago(20), ago(10));
    await sql`UPDATE sync_runs SET status = 'running', started_at = clock_timestamp() WHERE id = ${second}`.execute(
      world.db,
    );
    await inTransaction(world.db, (tx) => pauseRun(tx, second));
    await inTransaction(world.db, (tx) => requestCancel(tx, second));
    expect(await pulledOf(world.db, second)).toMatchObject({ status: 'cancelled' });
  });

  test('a pull of another kind cannot be paused', async () => {
    const runId = await addRun(world.db, integration);
    expect(await inTransaction(world.db, (tx) => pauseRun(tx, runId))).toBeNull();
    expect(await inTransaction(world.db, (tx) => resumeRun(tx, runId))).toBeNull();
  });
});

describe('live work beside a backfill', () => {
  test('of the same network begins after the page under way, in the middle of a day', async () => {
    network.plantConversions({ count: 40, from: ago(20), to: ago(20) });
    network.plantConversions({ count: 3, from: ago(2), to: ago(1) });
    const runId = await backfill(ago(20), ago(19));
    let live = 0n;
    world.before = async () => {
      // The live run comes while the third page is being asked for.
      if (world.asked.length === 3 && live === 0n) {
        live = await addRun(world.db, integration, { from: ago(7), to: ago(-1) });
      }
    };
    network.clearCalls();
    await world.pull(integration.networkId);
    expect(world.asked.map(({ kind }) => kind).slice(0, 5)).toEqual([
      'backfill',
      'backfill',
      'backfill',
      'conversions',
      'backfill',
    ]);
    expect(network.calls().total).toBe(world.asked.length);
    expect(new Set(world.asked.map(({ what }) => what)).size).toBe(world.asked.length);
    expect(await pulledOf(world.db, live)).toMatchObject({ pulled: true });
    expect(await pulledOf(world.db, runId)).toMatchObject({ pulled: true });
    expect(await storedOf(world.db, integration)).toEqual(shownBy(network));
  });

  /** The first page of a backfill never comes. Resolves with the id of a live run that is added while it hangs. */
  function hangBackfill(): Promise<bigint> {
    const hung = (): number => world.simulator.faults.met().hang ?? 0;
    const before = hung();
    return new Promise((resolve, reject) => {
      world.before = ({ kind }) => {
        if (kind !== 'backfill') return;
        world.before = () => undefined;
        world.simulator.faults.next('hang', { network: network.id });
        const addLive = async (): Promise<bigint> => {
          while (hung() === before) await sleep(5);
          return addRun(world.db, integration, { from: ago(7), to: ago(-1) });
        };
        addLive().then(resolve, reject);
      };
    });
  }

  test('does not wait for a page of a backfill that does not come: it is given up and asked for later', async () => {
    network.plantConversions({ count: 3, from: ago(20), to: ago(20) });
    const runId = await backfill(ago(20), ago(20));
    const live = hangBackfill();
    await world.pull(integration.networkId, { lookForUrgentMs: 20 });
    expect(world.asked.map(({ kind }) => kind)).toEqual(['backfill', 'conversions', 'backfill']);
    expect(await pulledOf(world.db, await live)).toMatchObject({ pulled: true });
    expect(await pulledOf(world.db, runId)).toMatchObject({ status: 'running', pulled: true });
  });

  test('interrupts a page at once when this process is told of it', async () => {
    network.plantConversions({ count: 3, from: ago(20), to: ago(20) });
    const runId = await backfill(ago(20), ago(20));
    const urgent = createUrgentWatches();
    const live = hangBackfill();
    const told = live.then(() => world.pull(integration.networkId, { urgent, holder: 'another job of this process' }));
    // Nothing is looked for by itself within the time of this test.
    expect(await world.pull(integration.networkId, { urgent, lookForUrgentMs: 600_000 })).toBe('idle');
    expect(await told).toBe('held');
    expect(world.asked.map(({ kind }) => kind)).toEqual(['backfill', 'conversions', 'backfill']);
    expect(await pulledOf(world.db, await live)).toMatchObject({ pulled: true });
    expect(await pulledOf(world.db, runId)).toMatchObject({ status: 'running', pulled: true });
  });

  test('of other networks finds its place: backfills take turns of their own', async () => {
    const background = createBackgroundTurns(1);
    await backfill(ago(20), ago(19));
    const first = integration.networkId;
    ({ network, integration } = await world.add());
    const runId = await backfill(ago(20), ago(19));
    const live = await addRun(world.db, integration, { from: ago(7), to: ago(-1) });
    let second: string | undefined;
    world.before = async () => {
      second ??= await world.pull(integration.networkId, { background, holder: 'other' });
    };
    expect(await world.pull(first, { background })).toBe('idle');
    // The turn was taken, so the second network did its live work only.
    expect(second).toBe('background');
    expect(await pulledOf(world.db, live)).toMatchObject({ pulled: true });
    expect(await pulledOf(world.db, runId)).toMatchObject({ status: 'queued' });
    expect(await world.pull(integration.networkId, { background })).toBe('idle');
    expect(await pulledOf(world.db, runId)).toMatchObject({ pulled: true });
  });
});
