import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { testRedis } from '@trackly-tune/testing';
import { createRateBudget, type ObservedRateBudget, type RateBudgetOptions } from '@trackly-tune/tune-client';
import { Redis } from 'ioredis';
import { setTimeout as sleep } from 'node:timers/promises';

const LIMIT = { calls: 20, windowMs: 1_000 };

let store: { url: string; prefix: string };
let connections: Redis[];
let used: boolean;
beforeEach(() => {
  store = testRedis();
  connections = [];
  used = false;
});
afterEach(() => connections.forEach((redis) => redis.disconnect()));

function connect(): Redis {
  const redis = new Redis(store.url, { maxRetriesPerRequest: 0 });
  redis.on('error', () => undefined);
  connections.push(redis);
  return redis;
}

function budget(options: Partial<RateBudgetOptions> = {}): ObservedRateBudget {
  return createRateBudget({
    redis: connect(),
    keyPrefix: store.prefix,
    limit: LIMIT,
    memory: { wasUsedBefore: async () => used, remember: async () => void (used = true) },
    ...options,
  });
}

/** The most moments that any window holds. */
function mostInAWindow(times: readonly number[], windowMs: number): number {
  const sorted = [...times].sort((one, other) => one - other);
  return Math.max(...sorted.map((from) => sorted.filter((at) => at >= from && at < from + windowMs).length));
}

describe('the rate budget', () => {
  test('says that it gave no turn when the time of the caller is over, and that a call was given up when it was', async () => {
    const one = budget({ limit: { calls: 1, windowMs: 10_000 } });
    await one.take('demo');
    const late = one.take('demo', { signal: AbortSignal.timeout(50) });
    await expect(late).rejects.toMatchObject({ code: 'budget_unavailable', answeredBy: 'nobody' });
    const giveUp = new AbortController();
    const given = one.take('demo', { signal: giveUp.signal });
    giveUp.abort();
    await expect(given).rejects.toMatchObject({ code: 'aborted' });
  });

  test('never lets more than the limit through in any window, over several connections, and uses most of it', async () => {
    const budgets = [budget(), budget(), budget()];
    const times: number[] = [];
    const startedAt = performance.now();
    await Promise.all(
      budgets.flatMap((own) =>
        [1, 2, 3].map(async () => {
          while (times.length < 100) {
            const turn = await own.take('demo');
            times.push(performance.now());
            turn.arrived();
          }
        }),
      ),
    );
    expect(mostInAWindow(times, LIMIT.windowMs)).toBeLessThanOrEqual(LIMIT.calls);
    // 100 calls take four windows at the least; twice that is allowed to a busy machine.
    expect(performance.now() - startedAt).toBeLessThan(8 * LIMIT.windowMs + 4_000);
  });

  test('counts calls when they reach the network, however unevenly long they are on their way', async () => {
    const own = budget();
    const arrivals: number[] = [];
    let sent = 0;
    await Promise.all(
      Array.from({ length: 12 }, async () => {
        while (sent < 80) {
          const turn = await own.take('demo');
          sent += 1;
          // Up to seven tenths of what the budget allows for; every other call goes straight through.
          await sleep(sent % 2 === 0 ? 0 : 10 + ((sent * 7) % 60));
          arrivals.push(performance.now());
          turn.arrived();
        }
      }),
    );
    expect(mostInAWindow(arrivals, LIMIT.windowMs)).toBeLessThanOrEqual(LIMIT.calls);
  });

  test('a call that is answered at once costs no more than its own time', async () => {
    const own = budget({ limit: { calls: 1, windowMs: 60_000 }, waitMaxMs: 0 });
    const turn = await own.take('demo');
    const waitOf = async (): Promise<number> => {
      const error: unknown = await own.take('demo').catch((thrown: unknown) => thrown);
      return (error as { retryAfterMs: number }).retryAfterMs;
    };
    expect(await waitOf()).toBeGreaterThan(61_000);
    turn.arrived();
    while ((await waitOf()) > 60_010);
  });

  test('belongs to each network alone', async () => {
    const own = budget({ limit: { calls: 1, windowMs: 30_000 }, waitMaxMs: 0 });
    await own.take('one');
    await own.take('two');
    await expect(own.take('one')).rejects.toMatchObject({ code: 'budget_unavailable', advice: 'retry-later' });
    expect(await own.usage('one')).toEqual({ used: 1, allowed: 1, pausedMs: 0 });
  });

  test('says when to come again instead of waiting too long', async () => {
    const own = budget({ limit: { calls: 1, windowMs: 60_000 } });
    await own.take('demo');
    const error: unknown = await own.take('demo').catch((thrown: unknown) => thrown);
    const { retryAfterMs } = error as { retryAfterMs: number };
    expect(retryAfterMs).toBeGreaterThan(40_000);
    expect(retryAfterMs).toBeLessThanOrEqual(62_005);
  });

  test('takes back a turn that was given up while waiting', async () => {
    const own = budget({ limit: { calls: 1, windowMs: 5_000 }, waitMaxMs: 9_000 });
    await own.take('demo');
    const giveUp = new AbortController();
    const waiting = own.take('demo', { signal: giveUp.signal });
    const slots = connections[0]!;
    const key = `${store.prefix}:tune-budget:slots:demo`;
    while ((await slots.zcard(key)) < 2);
    giveUp.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'aborted' });
    while ((await slots.zcard(key)) > 1);
    expect((await own.usage('demo')).used).toBe(1);
  });

  test('keeps a third for live calls, and background calls stand back behind one that waits', async () => {
    const own = budget({ limit: { calls: 3, windowMs: 60_000 }, waitMaxMs: 0 });
    await own.take('demo', { lane: 'background' });
    await own.take('demo', { lane: 'background' });
    await expect(own.take('demo', { lane: 'background' })).rejects.toMatchObject({ code: 'budget_unavailable' });
    await own.take('demo');
    await expect(own.take('demo')).rejects.toMatchObject({ code: 'budget_unavailable' });
  });

  test('pauses a network that TUNE limited, halves its share once for a burst of refusals, and lets it grow again', async () => {
    const own = budget({ limit: { calls: 20, windowMs: 60_000 }, recoverStepMs: 3_600_000 });
    await Promise.all([own.limited('demo'), own.limited('demo'), own.limited('demo')]);
    const limited = await own.usage('demo');
    expect(limited.allowed).toBe(10);
    expect(limited.pausedMs).toBeGreaterThan(30_000);
    await expect(own.take('demo')).rejects.toMatchObject({ code: 'budget_unavailable' });
    await own.take('other');
    const quick = budget({ limit: { calls: 20, windowMs: 60_000 }, recoverStepMs: 1 });
    while ((await quick.usage('demo')).allowed < 20);
  });
});

describe('a Redis without memory', () => {
  test('costs nothing when the budget was never used', async () => {
    await budget({ waitMaxMs: 0 }).take('demo');
    expect(used).toBe(true);
  });

  test('pauses every network when calls went out before', async () => {
    used = true;
    const own = budget({ limit: { calls: 20, windowMs: 60_000 } });
    for (const network of ['one', 'two']) {
      await expect(own.take(network)).rejects.toMatchObject({ code: 'budget_unavailable' });
    }
    expect((await own.usage('one')).pausedMs).toBeGreaterThan(30_000);
  });

  test('is noticed by a process that was at work when it was emptied', async () => {
    const own = budget({ limit: { calls: 20, windowMs: 60_000 } });
    await own.take('demo');
    await connections[0]!.del(`${store.prefix}:tune-budget:marker`, `${store.prefix}:tune-budget:slots:demo`);
    await expect(own.take('demo')).rejects.toMatchObject({ code: 'budget_unavailable' });
  });

  test('that was started anew since pauses too, whatever it read back', async () => {
    const own = budget({ limit: { calls: 20, windowMs: 60_000 } });
    await own.take('demo');
    await connections[0]!.set(`${store.prefix}:tune-budget:marker`, 'another-run 0');
    await expect(own.take('demo')).rejects.toMatchObject({ code: 'budget_unavailable' });
  });
});

test('nothing goes out while Redis or the memory is away, and it works again by itself', async () => {
  const own = budget();
  const redis = connections[0]!;
  await own.take('demo');
  redis.disconnect();
  const error: unknown = await own.take('demo').catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'budget_unavailable', advice: 'retry-later' });
  await expect(own.limited('demo')).rejects.toMatchObject({ code: 'budget_unavailable' });
  await redis.connect();
  await own.take('demo');

  let away = true;
  const fail = async (): Promise<void> => {
    if (away) throw new Error('postgres://user:secret@host');
  };
  const other = budget({ memory: { wasUsedBefore: async () => false, remember: fail } });
  const refusal: unknown = await other.take('demo').catch((thrown: unknown) => thrown);
  expect(refusal).toMatchObject({ code: 'budget_unavailable' });
  expect(String(refusal)).not.toContain('secret');
  away = false;
  await other.take('demo');
});
