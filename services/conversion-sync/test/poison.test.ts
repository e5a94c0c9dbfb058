import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { requestCancel, type ParkedItem } from '@trackly-tune/database';
import { createParking } from '@trackly-tune/service-stores';
import { endStoppedRuns, parkedSchedules, watchDueSchedules } from '@trackly-tune/sync-engine';
import { refuseRows } from '@trackly-tune/testing';
import { sql } from 'kysely';
import { scheduledPulls } from '../src/use-cases/scheduled-pulls.js';
import {
  addDueIntegration,
  addRun,
  createPullWorld,
  pull,
  runOf,
  type Integration,
  type PullWorld,
} from './pull-world.js';
import { reportRow, ScriptedNetwork } from './scripted-network.js';

/** One integration has a row that PostgreSQL refuses; the other must not notice. */
let world: PullWorld;
let bad: Integration;
let good: Integration;
let said: string[];

beforeAll(async () => {
  world = await createPullWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  said = [];
  bad = await addDueIntegration(world.db);
  good = await addDueIntegration(world.db);
});

const parking = () =>
  createParking({
    db: world.db,
    report: {
      batchFailed: (kind) => void said.push(`batch of ${kind} failed`),
      parked: ({ kind, accountId }: ParkedItem) => void said.push(`${kind} of ${String(accountId)} parked`),
      unparked: ({ kind }) => void said.push(`${kind} went through`),
    },
  });
const endPauses = () => sql`UPDATE parked_items SET not_before = clock_timestamp()`.execute(world.db);
const signal = new AbortController().signal;

describe('one poison item stops no neighbour and is reported', () => {
  test('a schedule that cannot be started', async () => {
    // The longest waiting: it would be the first at every turn.
    await sql`UPDATE sync_schedules SET next_at = next_at - interval '1 minute' WHERE integration_id = ${bad.id}`.execute(
      world.db,
    );
    const remove = await refuseRows(world.databaseUrl, {
      ...{ table: 'sync_runs', on: 'INSERT', when: `NEW.integration_id = ${bad.id}` },
    });
    const woken: string[] = [];
    const schedules = {
      ...{ db: world.db, parking: parking(), works: [scheduledPulls] },
      wake: async (networkId: string) => woken.push(networkId),
    };
    const look = watchDueSchedules(schedules);
    await look();
    await look();
    expect(woken).toEqual([good.networkId]);
    expect(said).toEqual([`conversions_schedule of ${bad.accountId} parked`]);
    await remove();
    await endPauses();
    expect(await schedules.parking.retry(parkedSchedules(schedules), signal)).toBe(1);
    expect(woken).toEqual([good.networkId, bad.networkId]);
  });

  test('a stopped run that cannot be ended', async () => {
    const metrics = { runEnded: () => undefined };
    const [badRun, goodRun] = [await addRun(world.db, bad), await addRun(world.db, good)];
    await sql`UPDATE sync_runs SET status = 'running', started_at = clock_timestamp() WHERE id IN (${badRun}, ${goodRun})`.execute(
      world.db,
    );
    await world.db.transaction().execute(async (tx) => {
      await requestCancel(tx, badRun);
      await requestCancel(tx, goodRun);
    });
    const remove = await refuseRows(world.databaseUrl, {
      ...{ table: 'sync_runs', on: 'UPDATE', when: `NEW.id = ${badRun} AND NEW.status = 'cancelled'` },
    });
    const work = endStoppedRuns({ db: world.db, metrics, stopped: { prefix: 'conversions:', kind: 'stopped_pull' } });
    const parked = parking();
    await parked.attempt(work);
    await parked.attempt(work);
    expect((await runOf(world.db, goodRun)).status).toBe('cancelled');
    expect((await runOf(world.db, badRun)).status).toBe('running');
    expect(said).toEqual(['batch of stopped_pull failed', `stopped_pull of ${bad.accountId} parked`]);
    await remove();
    await endPauses();
    expect(await parked.retry([work], signal)).toBe(1);
    expect((await runOf(world.db, badRun)).status).toBe('cancelled');
  });

  test('a run that cannot be written, of one network with another', async () => {
    const beside = await addDueIntegration(world.db, { networkId: bad.networkId });
    const [badRun, goodRun] = [await addRun(world.db, bad), await addRun(world.db, beside)];
    const remove = await refuseRows(world.databaseUrl, {
      ...{ table: 'sync_runs', on: 'UPDATE', when: `NEW.id = ${badRun}` },
    });
    const network = new ScriptedNetwork();
    network.rows = [reportRow(1)];
    const unexpected: bigint[] = [];
    const outcome = await pull(world.db, bad.networkId, network, {
      onUnexpected: (_error, slice) => void unexpected.push(slice.integrationId),
    });
    expect(outcome).toBe('idle');
    expect(unexpected).toEqual([bad.id]);
    expect(await runOf(world.db, goodRun)).toMatchObject({ pulled: true, inserted: 1 });
    await remove();
    await sql`UPDATE sync_slices SET not_before = NULL`.execute(world.db);
    await pull(world.db, bad.networkId, network);
    expect(await runOf(world.db, badRun)).toMatchObject({ pulled: true, inserted: 1 });
  });
});
