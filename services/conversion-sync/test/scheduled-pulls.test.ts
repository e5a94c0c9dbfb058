import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { scheduleOffsetMs, type Database } from '@trackly-tune/database';
import { addDays, dayOf, daysBetween } from '@trackly-tune/domain';
import { startDueSchedule, startDueSchedules } from '@trackly-tune/sync-engine';
import { scheduledPulls } from '../src/use-cases/scheduled-pulls.js';
import { addDueIntegration, addRun, createPullWorld, logOf, type Integration, type PullWorld } from './pull-world.js';

let world: PullWorld;
let db: Database;

beforeAll(async () => {
  world = await createPullWorld();
  db = world.db;
});
afterAll(() => world.close());
beforeEach(async () => {
  await sql`UPDATE sync_schedules SET enabled = false`.execute(db);
});

function fail(_integration: unknown, error: unknown): never {
  throw error;
}

interface PlannedRun {
  readonly days: number;
  readonly trigger: string;
}

async function runsOf({ id }: Integration): Promise<PlannedRun[]> {
  const { rows } = await sql<PlannedRun>`
    SELECT window_to - window_from AS days, trigger FROM sync_runs WHERE integration_id = ${id} ORDER BY id`.execute(
    db,
  );
  return rows;
}

async function makeDue({ id }: Integration, lateMinutes = 0): Promise<void> {
  await sql`UPDATE sync_schedules SET next_at = clock_timestamp() - ${lateMinutes} * interval '1 minute'
    WHERE integration_id = ${id}`.execute(db);
}

const ZONE = 'America/New_York';
const daysAgo = (days: number): Date => new Date(Date.now() - days * 86_400_000);

describe('schedules that are due', () => {
  test('one run over the look-back is started, and the schedule moves to its own minute of the next hour', async () => {
    const integration = await addDueIntegration(db);
    expect(await startDueSchedules(db, [scheduledPulls], fail)).toEqual([integration.networkId]);
    expect(await runsOf(integration)).toEqual([{ days: 8, trigger: 'schedule' }]);
    const { rows } = await sql<{ next_at: Date }>`
      SELECT next_at FROM sync_schedules WHERE integration_id = ${integration.id}`.execute(db);
    const nextMs = rows[0]?.next_at.getTime() ?? 0;
    expect(nextMs % 3_600_000).toBe(scheduleOffsetMs(integration.id, 3_600_000));
    expect(nextMs - Date.now()).toBeGreaterThan(0);
    expect(nextMs - Date.now()).toBeLessThanOrEqual(3_600_000);
    expect(await startDueSchedules(db, [scheduledPulls], fail)).toEqual([]);
    expect(await startDueSchedule(db, scheduledPulls, integration.id)).toBeNull();
  });

  test('many copies at once start one run', async () => {
    const integration = await addDueIntegration(db);
    const found = await Promise.all([1, 2, 3, 4, 5].map(() => startDueSchedule(db, scheduledPulls, integration.id)));
    expect(found.filter((networkId) => networkId !== null)).toEqual([integration.networkId]);
    expect(await runsOf(integration)).toHaveLength(1);
  });

  test('a gap behind the look-back widens the window and says so', async () => {
    const integration = await addDueIntegration(db, { coveredThrough: daysAgo(30) });
    await startDueSchedules(db, [scheduledPulls], fail);
    // Days are local ones: a clock change in between may move the first by one.
    const days = daysBetween(dayOf(daysAgo(30), ZONE), addDays(dayOf(new Date(), ZONE), 1));
    expect(await runsOf(integration)).toEqual([{ days, trigger: 'schedule' }]);
    expect(await logOf(db, integration)).toEqual(['window_widened']);
  });

  test('a gap older than the reports reach is said as an error', async () => {
    const integration = await addDueIntegration(db, { coveredThrough: daysAgo(900) });
    await startDueSchedules(db, [scheduledPulls], fail);
    expect(await runsOf(integration)).toEqual([{ days: 763, trigger: 'schedule' }]);
    expect(await logOf(db, integration)).toEqual(['gap_cannot_be_closed']);
  });

  test('a schedule that was silent is found, said aloud and run', async () => {
    const integration = await addDueIntegration(db);
    await makeDue(integration, 40);
    await startDueSchedules(db, [scheduledPulls], fail);
    expect(await logOf(db, integration)).toEqual(['schedule_was_silent']);
    expect(await runsOf(integration)).toHaveLength(1);
  });

  test('a scheduled pull that is still being pulled gets no second one beside it', async () => {
    const integration = await addDueIntegration(db);
    await startDueSchedules(db, [scheduledPulls], fail);
    await makeDue(integration);
    expect(await startDueSchedules(db, [scheduledPulls], fail)).toEqual([]);
    expect(await runsOf(integration)).toHaveLength(1);
    expect(await logOf(db, integration)).toEqual(['run_still_open']);
  });

  test('one that only waits to be settled, or a window that a person asked for, is not in the way', async () => {
    const integration = await addDueIntegration(db);
    await startDueSchedules(db, [scheduledPulls], fail);
    await sql`UPDATE sync_runs SET status = 'running', started_at = clock_timestamp(), pulled_at = clock_timestamp()
      WHERE integration_id = ${integration.id}`.execute(db);
    await addRun(db, integration, { from: '2026-01-01', to: '2026-10-01' });
    await makeDue(integration);
    expect(await startDueSchedules(db, [scheduledPulls], fail)).toEqual([integration.networkId]);
    expect(await runsOf(integration)).toHaveLength(3);
  });

  test('a schedule that is off, or whose integration was deleted, starts nothing', async () => {
    const off = await addDueIntegration(db);
    const deleted = await addDueIntegration(db);
    await sql`UPDATE sync_schedules SET enabled = false WHERE integration_id = ${off.id}`.execute(db);
    await sql`UPDATE integrations SET deleted_at = clock_timestamp() WHERE id = ${deleted.id}`.execute(db);
    expect(await startDueSchedules(db, [scheduledPulls], fail)).toEqual([]);
    expect(await startDueSchedule(db, scheduledPulls, off.id)).toBeNull();
    expect(await startDueSchedule(db, scheduledPulls, deleted.id)).toBeNull();
  });

  test('one that cannot be started is reported and keeps no other from its turn', async () => {
    const broken = await addDueIntegration(db);
    await makeDue(broken, 5);
    await sql`UPDATE integration_settings SET time_zone = 'No/Where' WHERE integration_id = ${broken.id}`.execute(db);
    const fine = await addDueIntegration(db);
    const failed: bigint[] = [];
    expect(await startDueSchedules(db, [scheduledPulls], ({ id }) => void failed.push(id))).toEqual([fine.networkId]);
    expect(failed).toEqual([broken.id]);
    expect(await runsOf(broken)).toEqual([]);
  });
});
