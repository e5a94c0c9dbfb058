import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { CodedError } from '@trackly-tune/domain';
import { Redis } from 'ioredis';
import type { JobOutcome } from '@trackly-tune/queues';
import { until } from '@trackly-tune/testing';
import { createQueueWorld, reachable, redisUrlOfTests, type QueueWorld } from './queue-world.js';

let world: QueueWorld;
beforeEach(() => {
  world = createQueueWorld();
});
afterEach(() => world.close());

/** A handler's stay that the test ends. */
function latch(): { promise: Promise<void>; open: () => void } {
  let open: () => void = () => undefined;
  const promise = new Promise<void>((resolve) => (open = resolve));
  return { promise, open: () => open() };
}

describe('a job', () => {
  test('reaches its handler with its payload, attempt and signal', async () => {
    const queues = world.queues();
    await reachable(queues);
    const seen: unknown[] = [];
    const outcomes: JobOutcome[] = [];
    world.worker(
      'conversion-sync',
      {
        'pull-network': async (payload, { attempt, signal }) => void seen.push([payload, attempt, signal.aborted]),
        'scheduled-pull': async (payload) => void seen.push([payload]),
      },
      { observe: (outcome) => outcomes.push(outcome) },
    );
    await queues.send('pull-network', { networkId: 'demo' });
    await queues.send('scheduled-pull', { integrationId: 'int_17' });
    await until(() => outcomes.length === 2);
    expect(seen).toEqual([[{ networkId: 'demo' }, 1, false], [{ integrationId: 'int_17' }]]);
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['done', 'done']);
    await until(async () => (await queues.counts())['conversion-sync'].completed === 2);
  });

  test('that already waits is not doubled; while one runs, one more waits, with the newest signal', async () => {
    const queues = world.queues();
    await reachable(queues);
    for (let index = 0; index < 5; index += 1) await queues.send('pull-network', { networkId: 'a' });
    await queues.send('pull-network', { networkId: 'b' });
    expect((await queues.counts())['conversion-sync'].waiting).toBe(2);
    const stay = latch();
    const runs: string[] = [];
    world.worker('conversion-sync', {
      'pull-network': async ({ networkId }) => {
        runs.push(networkId);
        await stay.promise;
      },
    });
    await until(() => runs.length === 2);
    for (let index = 0; index < 5; index += 1) await queues.send('pull-network', { networkId: 'a' });
    stay.open();
    await until(async () => (await queues.counts())['conversion-sync'].completed === 3);
    expect(runs).toEqual(['a', 'b', 'a']);
    const { waiting, active, delayed } = (await queues.counts())['conversion-sync'];
    expect(waiting + active + delayed).toBe(0);
  });

  test('can be sent again after it was done, and after it failed for good', async () => {
    const queues = world.queues();
    await reachable(queues);
    let runs = 0;
    world.worker('attribution', {
      'settle-pending': async () => {
        if (++runs === 2) throw new CodedError('broken', 'no', { advice: 'never' });
      },
    });
    for (let wanted = 1; wanted <= 4; wanted += 1) {
      await queues.send('settle-pending', {});
      await until(() => runs === wanted);
      await until(async () => {
        const { completed, failed } = (await queues.counts()).attribution;
        return completed + failed === wanted;
      });
    }
  });
});

describe('a failure', () => {
  test('with the advice retry is tried again after its back-off, then given up; Redis keeps the code alone', async () => {
    const queues = world.queues();
    await reachable(queues);
    const attempts: number[] = [];
    world.worker('attribution', {
      'settle-pending': async (_payload, { attempt }) => {
        attempts.push(attempt);
        throw new CodedError('store_away', 'the token NETsEcReT is wrong', { advice: 'retry' });
      },
    });
    await queues.send('settle-pending', {});
    await until(async () => (await queues.counts()).attribution.failed === 1);
    expect(attempts).toEqual([1, 2, 3]);
    const [board] = queues.boardQueues().filter(({ name }) => name === 'attribution');
    const [failed] = (await board?.getFailed()) ?? [];
    expect(failed?.failedReason).toBe('store_away');
    const redis = new Redis(redisUrlOfTests());
    for (const key of await redis.keys(`${world.prefix}:attribution:*`)) {
      if ((await redis.type(key)) === 'hash')
        expect(JSON.stringify(await redis.hgetall(key))).not.toContain('NETsEcReT');
    }
    redis.disconnect();
  });

  test('with the advice never is not tried again', async () => {
    const queues = world.queues();
    await reachable(queues);
    let runs = 0;
    world.worker('attribution', {
      'settle-pending': async () => {
        runs += 1;
        throw new CodedError('token_rejected', 'no', { advice: 'never' });
      },
    });
    await queues.send('settle-pending', {});
    await until(async () => (await queues.counts()).attribution.failed === 1);
    expect(runs).toBe(1);
  });

  test('with the advice retry-later waits as long as the error says', async () => {
    const queues = world.queues();
    await reachable(queues);
    world.worker('attribution', {
      'settle-pending': async () => {
        throw new CodedError('rate_limited', 'no', { advice: 'retry-later', retryAfterMs: 500_000 });
      },
    });
    await queues.send('settle-pending', {});
    await until(async () => (await queues.counts()).attribution.delayed === 1);
    const [board] = queues.boardQueues().filter(({ name }) => name === 'attribution');
    const [delayed] = (await board?.getDelayed()) ?? [];
    expect(delayed?.delay).toBe(500_000);
    // The waiting retry is the signal: another one is not needed.
    await queues.send('settle-pending', {});
    expect((await queues.counts()).attribution).toMatchObject({ delayed: 1, waiting: 0 });
  });

  test('of the payload or of an unknown job is permanent and never reaches a handler', async () => {
    const queues = world.queues();
    await reachable(queues);
    const [board] = queues.boardQueues().filter(({ name }) => name === 'attribution');
    await board?.add('settle-pending', { token: 'x' }, { attempts: 3 });
    await board?.add('of-tomorrow', {}, { attempts: 3 });
    let runs = 0;
    world.worker('attribution', { 'settle-pending': async () => void (runs += 1) });
    await until(async () => (await queues.counts()).attribution.failed === 2);
    const reasons = ((await board?.getFailed()) ?? []).map(({ failedReason }) => failedReason).sort();
    expect(reasons).toEqual(['invalid_job_payload', 'unknown_job']);
    expect(runs).toBe(0);
    await expect(queues.send('pull-network', { networkId: 'Not An Id' })).rejects.toMatchObject({
      code: 'invalid_job_payload',
    });
  });
});

describe('a worker that stops', () => {
  test('tells its handlers, and hands back at once and without loss of an attempt what they left', async () => {
    const queues = world.queues();
    await reachable(queues);
    const started = latch();
    const first = world.worker('conversion-sync', {
      'pull-network': (_payload, { signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
          started.open();
        }),
    });
    await queues.send('pull-network', { networkId: 'a' });
    await started.promise;
    await first.close({ budgetMs: 5_000 });
    expect((await queues.counts())['conversion-sync']).toMatchObject({ waiting: 1, active: 0, failed: 0, delayed: 0 });
    const attempts: number[] = [];
    world.worker('conversion-sync', { 'pull-network': async (_payload, { attempt }) => void attempts.push(attempt) });
    await until(() => attempts.length === 1);
    expect(attempts).toEqual([1]);
  });

  test('lets a handler finish that takes no notice of the signal', async () => {
    const queues = world.queues();
    await reachable(queues);
    const [started, stay] = [latch(), latch()];
    const worker = world.worker('attribution', {
      'settle-pending': async () => {
        started.open();
        await stay.promise;
      },
    });
    await queues.send('settle-pending', {});
    await started.promise;
    const closed = worker.close({ budgetMs: 5_000 });
    stay.open();
    await closed;
    expect((await queues.counts()).attribution.completed).toBe(1);
  });

  test('leaves a handler behind that hangs, within its budget', async () => {
    const queues = world.queues();
    await reachable(queues);
    const started = latch();
    const worker = world.worker('attribution', {
      'settle-pending': () => {
        started.open();
        return new Promise(() => undefined);
      },
    });
    await queues.send('settle-pending', {});
    await started.promise;
    const before = performance.now();
    await worker.close({ budgetMs: 100 });
    expect(performance.now() - before).toBeLessThan(2_000);
    expect(world.log.lines.map(({ msg }) => msg)).toContain(
      'handlers did not end in time; their jobs will be taken up again',
    );
  });
});
