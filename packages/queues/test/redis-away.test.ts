import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createRedis, pingRedis } from '@trackly-tune/queues';
import { until } from '@trackly-tune/testing';
import { Redis } from 'ioredis';
import { watchConnection } from '../src/watch-connection.js';
import { createRedisDoor, type RedisDoor } from './redis-door.js';
import { createQueueWorld, reachable, redisUrlOfTests, type QueueWorld } from './queue-world.js';

let world: QueueWorld;
let door: RedisDoor;
beforeEach(async () => {
  door = await createRedisDoor(redisUrlOfTests());
  world = createQueueWorld(door.url);
});
afterEach(async () => {
  await door.open();
  await world.close();
  await door.shut();
});

async function elapsedMs(work: () => Promise<unknown>): Promise<number> {
  const before = performance.now();
  await work();
  return performance.now() - before;
}

describe('while Redis is away', () => {
  test('sending fails at once with its code, and works when Redis comes, also if it was away from the start', async () => {
    const queues = world.queues();
    const tookMs = await elapsedMs(() =>
      expect(queues.send('settle-pending', {})).rejects.toMatchObject({
        code: 'queue_unavailable',
        advice: 'retry-later',
      }),
    );
    expect(tookMs).toBeLessThan(500);
    await queues.wake('settle-pending', {});
    await expect(queues.counts()).rejects.toMatchObject({ code: 'queue_unavailable' });
    await expect(queues.listSchedules('attribution')).rejects.toMatchObject({ code: 'queue_unavailable' });
    expect(queues.boardQueues()).toHaveLength(3);
    await door.open();
    await reachable(queues);
    await queues.send('settle-pending', {});
    expect((await queues.counts()).attribution.waiting).toBe(1);
  });

  test('a worker waits for it at start, and goes on after each loss', async () => {
    let runs = 0;
    world.worker('attribution', { 'settle-pending': async () => void (runs += 1) });
    await world.log.said('worker attribution: Redis is away');
    const queues = world.queues();
    for (let round = 1; round <= 3; round += 1) {
      await door.open();
      await reachable(queues);
      await queues.send('settle-pending', {});
      await until(() => runs === round);
      await door.shut();
      await until(() =>
        queues.ping().then(
          () => false,
          () => true,
        ),
      );
    }
  });

  test('each connection says so once, and once when it is back', async () => {
    const queues = world.queues();
    world.worker('attribution', { 'settle-pending': async () => undefined });
    await world.log.said('queues: Redis is away');
    await world.log.said('worker attribution: Redis is away');
    await door.open();
    await reachable(queues);
    await world.log.said('worker attribution: Redis is back');
    const texts = world.log.lines.map(({ msg }) => msg).sort();
    expect(texts).toEqual([
      'queues: Redis is away; waiting for it',
      'queues: Redis is back',
      'worker attribution: Redis is away; waiting for it',
      'worker attribution: Redis is back',
    ]);
  });

  test('a worker and the queues close within their budget', async () => {
    const worker = world.worker('attribution', { 'settle-pending': async () => undefined });
    const queues = world.queues();
    await world.log.said('worker attribution: Redis is away');
    expect(await elapsedMs(() => worker.close({ budgetMs: 500 }))).toBeLessThan(1_500);
    expect(await elapsedMs(() => queues.close())).toBeLessThan(1_000);
  });

  test('closing is bounded too when Redis goes away under a connected worker', async () => {
    await door.open();
    const queues = world.queues();
    await reachable(queues);
    let runs = 0;
    const worker = world.worker('attribution', { 'settle-pending': async () => void (runs += 1) });
    await queues.send('settle-pending', {});
    await until(() => runs === 1);
    await door.shut();
    expect(await elapsedMs(() => worker.close({ budgetMs: 500 }))).toBeLessThan(1_500);
    expect(await elapsedMs(() => queues.close())).toBeLessThan(1_000);
  });
});

test('a Redis that takes requests and answers none makes sending fail within its time limit', async () => {
  await door.open();
  const queues = world.queues();
  await reachable(queues);
  door.freeze();
  const tookMs = await elapsedMs(() =>
    expect(queues.send('settle-pending', {})).rejects.toMatchObject({ code: 'queue_unavailable' }),
  );
  expect(tookMs).toBeLessThan(3_000);
});

test.each([null, 100])(
  'a Redis that vanished without a word is left and found again (commandTimeout %s)',
  async (limitMs) => {
    await door.open();
    const redis = new Redis(door.url, {
      maxRetriesPerRequest: null,
      disconnectTimeout: 50,
      ...(limitMs === null ? {} : { commandTimeout: limitMs }),
    });
    redis.on('error', () => undefined);
    await redis.ping();
    watchConnection(redis, { everyMs: 20, answerTimeoutMs: 200 });
    const lost = new Promise((resolve) => redis.once('close', resolve));
    door.freeze();
    await lost;
    await door.open();
    await new Promise((resolve) => redis.once('ready', resolve));
    await redis.ping();
    redis.disconnect();
  },
);

test('a Redis that was emptied takes new signals as if nothing had been sent before', async () => {
  await door.open();
  const queues = world.queues();
  await reachable(queues);
  let runs = 0;
  world.worker('attribution', { 'settle-pending': async () => void (runs += 1) });
  await queues.send('settle-pending', {});
  await until(() => runs === 1);
  await world.forgetEverything();
  await queues.send('settle-pending', {});
  await until(() => runs === 2);
});

test('a command of the rate budget fails at once while Redis is away, and works again by itself', async () => {
  const redis = createRedis({ redisUrl: door.url, name: 'rate-budget', logger: world.log.logger });
  expect(await elapsedMs(() => expect(pingRedis(redis)).rejects.toThrow())).toBeLessThan(500);
  await door.open();
  await until(() => redis.status === 'ready');
  await pingRedis(redis);
  await door.shut();
  expect(await elapsedMs(() => expect(pingRedis(redis)).rejects.toThrow())).toBeLessThan(2_500);
  redis.disconnect();
});
