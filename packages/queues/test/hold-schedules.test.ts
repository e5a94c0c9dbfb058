import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { holdSchedules, type ScheduleSpec } from '@trackly-tune/queues';
import { createQueueWorld, reachable, type QueueWorld } from './queue-world.js';

let world: QueueWorld;
beforeEach(() => {
  world = createQueueWorld();
});
afterEach(() => world.close());

const HOUR_MS = 3_600_000;

function pullOf(integrationId: string, offsetMs = 1_000): ScheduleSpec<'scheduled-pull'> {
  const payload = { integrationId: `int_${integrationId}` as const };
  return { job: 'scheduled-pull', id: `pull-${integrationId}`, everyMs: HOUR_MS, offsetMs, payload };
}

function onFailed(id: string, error: unknown): never {
  throw new Error(`${id} failed`, { cause: error });
}

function hold(queues: Parameters<typeof holdSchedules>[0], wanted: readonly ScheduleSpec<'scheduled-pull'>[]) {
  return holdSchedules(queues, { job: 'scheduled-pull', wanted, now: new Date(), onFailed });
}

describe('holding schedules against what they should be', () => {
  test('sets what is missing or different, removes what nobody wants, and then changes nothing', async () => {
    const queues = world.queues();
    await reachable(queues);
    expect(await hold(queues, [pullOf('1'), pullOf('2')])).toEqual({ set: 2, removed: 0 });
    expect(await hold(queues, [pullOf('1'), pullOf('2')])).toEqual({ set: 0, removed: 0 });
    expect(await hold(queues, [pullOf('2', 5_000), pullOf('3')])).toEqual({ set: 2, removed: 1 });
    const entries = await queues.listSchedules('conversion-sync');
    expect(entries.map(({ id, offsetMs }) => `${id} ${offsetMs}`).sort()).toEqual(['pull-2 5000', 'pull-3 1000']);
  });

  test('brings everything back after Redis was emptied', async () => {
    const queues = world.queues();
    await reachable(queues);
    await hold(queues, [pullOf('1'), pullOf('2')]);
    await world.forgetEverything();
    expect(await queues.listSchedules('conversion-sync')).toEqual([]);
    expect(await hold(queues, [pullOf('1'), pullOf('2')])).toEqual({ set: 2, removed: 0 });
  });

  test('a tick that is overdue is set again', async () => {
    const queues = world.queues();
    await reachable(queues);
    await hold(queues, [pullOf('1')]);
    const later = new Date(Date.now() + 2 * HOUR_MS);
    expect(await holdSchedules(queues, { job: 'scheduled-pull', wanted: [pullOf('1')], now: later, onFailed })).toEqual(
      {
        set: 1,
        removed: 0,
      },
    );
  });

  test('one that cannot be set is reported and keeps no other from being set', async () => {
    const queues = world.queues();
    await reachable(queues);
    const failed: string[] = [];
    const wanted = [pullOf('1'), { ...pullOf('2'), payload: { integrationId: '' as 'int_' } }, pullOf('3')];
    const held = await holdSchedules(queues, {
      ...{ job: 'scheduled-pull', wanted, now: new Date() },
      onFailed: (id) => void failed.push(id),
    });
    expect({ held, failed }).toEqual({ held: { set: 2, removed: 0 }, failed: ['pull-2'] });
    const entries = await queues.listSchedules('conversion-sync');
    expect(entries.map(({ id }) => id).sort()).toEqual(['pull-1', 'pull-3']);
  });

  test('leaves the schedules of other jobs in the same queue alone', async () => {
    const queues = world.queues();
    await reachable(queues);
    await queues.upsertSchedule({
      job: 'pull-network',
      id: 'other',
      everyMs: HOUR_MS,
      offsetMs: 1,
      payload: { networkId: 'demo' },
    });
    expect(await hold(queues, [])).toEqual({ set: 0, removed: 0 });
    expect(await queues.listSchedules('conversion-sync')).toHaveLength(1);
  });
});
