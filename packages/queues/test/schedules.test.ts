import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { CodedError } from '@trackly-tune/domain';
import type { Queues } from '@trackly-tune/queues';
import { until } from '@trackly-tune/testing';
import { createQueueWorld, reachable, type QueueWorld } from './queue-world.js';

const HOUR_MS = 3_600_000;
const hourly = { job: 'scheduled-pull', everyMs: HOUR_MS, offsetMs: 1_234_567 } as const;

let world: QueueWorld;
let queues: Queues;
beforeEach(async () => {
  world = createQueueWorld();
  queues = world.queues();
  await reachable(queues);
});
afterEach(() => world.close());

test('a schedule ticks at its offset within the period, first in the future, never at once', async () => {
  const before = Date.now();
  for (const [id, offsetMs] of [
    ['1', 0],
    ['2', 1_234_567],
    ['3', HOUR_MS + 5],
  ] as const) {
    await queues.upsertSchedule({ ...hourly, id, offsetMs, payload: { integrationId: `int_${id}` as const } });
  }
  const schedules = await queues.listSchedules('conversion-sync');
  expect(schedules.map(({ id }) => id).sort()).toEqual(['1', '2', '3']);
  for (const { id, job, everyMs, offsetMs, payload, nextAt } of schedules) {
    expect({ job, everyMs, payload }).toEqual({
      job: 'scheduled-pull',
      everyMs: HOUR_MS,
      payload: { integrationId: `int_${id}` as const },
    });
    expect(offsetMs).toBe({ 1: 1, 2: 1_234_567, 3: 5 }[id]);
    expect(nextAt?.getTime()).toBeGreaterThan(before);
    expect((nextAt?.getTime() ?? 0) % HOUR_MS).toBe(offsetMs);
  }
  expect((await queues.counts())['conversion-sync']).toMatchObject({ waiting: 0, delayed: 3 });
});

test('setting a schedule again changes nothing, and brings back a tick that was lost', async () => {
  const schedule = { ...hourly, id: '17', payload: { integrationId: 'int_17' as const } };
  await queues.upsertSchedule(schedule);
  const [before] = await queues.listSchedules('conversion-sync');
  for (let index = 0; index < 3; index += 1) await queues.upsertSchedule(schedule);
  expect(await queues.listSchedules('conversion-sync')).toEqual([before]);
  expect((await queues.counts())['conversion-sync']).toMatchObject({ waiting: 0, delayed: 1 });
  const [board] = queues.boardQueues().filter(({ name }) => name === 'conversion-sync');
  const [tick] = (await board?.getDelayed()) ?? [];
  await world.loseJob('conversion-sync', tick?.id ?? '');
  expect((await queues.counts())['conversion-sync'].delayed).toBe(0);
  await queues.upsertSchedule(schedule);
  expect((await queues.counts())['conversion-sync'].delayed).toBe(1);
});

test('another period or offset takes the place of the old one', async () => {
  const schedule = { ...hourly, id: '17', payload: { integrationId: 'int_17' as const } };
  await queues.upsertSchedule(schedule);
  await queues.upsertSchedule({ ...schedule, offsetMs: 99 });
  await queues.upsertSchedule({ ...schedule, everyMs: 24 * HOUR_MS, offsetMs: 77 });
  expect(await queues.listSchedules('conversion-sync')).toMatchObject([{ everyMs: 24 * HOUR_MS, offsetMs: 77 }]);
  expect((await queues.counts())['conversion-sync']).toMatchObject({ waiting: 0, delayed: 1 });
});

test('a removed schedule ticks no more', async () => {
  await queues.upsertSchedule({ ...hourly, id: '17', payload: { integrationId: 'int_17' } });
  expect(await queues.removeSchedule('conversion-sync', '17')).toBe(true);
  expect(await queues.removeSchedule('conversion-sync', '17')).toBe(false);
  expect(await queues.listSchedules('conversion-sync')).toEqual([]);
  expect((await queues.counts())['conversion-sync'].delayed).toBe(0);
});

test('a schedule goes on ticking after failed ticks, with its payload', async () => {
  const seen: string[] = [];
  world.worker('offer-sync', {
    'scheduled-offer-sync': async ({ integrationId }) => {
      seen.push(integrationId);
      throw new CodedError('broken', 'no', { advice: 'never' });
    },
  });
  await queues.upsertSchedule({
    job: 'scheduled-offer-sync',
    id: '5',
    everyMs: 100,
    offsetMs: 10,
    payload: { integrationId: 'int_5' },
  });
  await until(() => seen.length >= 3);
  expect(new Set(seen)).toEqual(new Set(['int_5']));
});
