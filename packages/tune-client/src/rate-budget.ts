import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { ARRIVED_SCRIPT, LIMITED_SCRIPT, TAKE_SCRIPT, USAGE_SCRIPT } from './rate-budget-scripts.js';
import { createRedisMemory, type BudgetMemory } from './redis-memory.js';
import { isOutOfTime } from './out-of-time.js';
import { sleep } from './sleep.js';
import { TuneError } from './tune-error.js';
import type { BudgetLane, RateBudget } from './types.js';

export interface RateBudgetOptions {
  /** A connection that fails at once while Redis is away, such as `createRedis` of the queues package opens. */
  readonly redis: Redis;
  readonly keyPrefix: string;
  /** At most `calls` in any `windowMs` per network, all processes together. */
  readonly limit: { readonly calls: number; readonly windowMs: number };
  readonly memory: BudgetMemory;
  /** How long a call may wait for its turn; default 15 s. Beyond it: `budget_unavailable` with `retryAfterMs`. */
  readonly waitMaxMs?: number;
  /** After TUNE limited us a network's share is halved and grows again by a tenth of the limit per step; default 60 s. */
  readonly recoverStepMs?: number;
}

export interface BudgetUsage {
  /** Calls of the last window. */
  readonly used: number;
  /** Calls that a window may hold now; less than the limit for a while after TUNE limited us. */
  readonly allowed: number;
  /** Nobody calls the network for this long; 0 when it is not paused. */
  readonly pausedMs: number;
}

export interface ObservedRateBudget extends RateBudget {
  /** For metrics. Throws TuneError `budget_unavailable`. */
  usage(networkId: string): Promise<BudgetUsage>;
}

const WAIT_MAX_MS = 15_000;
const RECOVER_STEP_MS = 60_000;
/** A background call waits without a turn of its own, so it looks again at least this often. */
const LOOK_AGAIN_MS = 1_000;
const takeReply = z.tuple([z.enum(['granted', 'wait', 'ask-again', 'refused', 'unmarked']), z.number()]);
const usageReply = z.tuple([z.number(), z.number(), z.number()]);

/** Milliseconds that separate processes' clocks and whole ones may differ by. */
const CLOCK_MS = 5;

/**
 * How long after its turn a call may reach the network: while it is on its way, the budget counts it as late as this.
 * What is answered sooner costs the budget only the time that it took.
 */
function travelOf(windowMs: number): number {
  return Math.min(2_000, Math.max(80, Math.floor(windowMs / 10)));
}

function unavailable(message: string, retryAfterMs?: number): TuneError {
  return new TuneError('budget_unavailable', message, { retryAfterMs });
}

/** An error of Redis or PostgreSQL as ours; their texts are left out, since they may hold addresses and passwords. */
function translate(error: unknown): TuneError {
  return error instanceof TuneError ? error : unavailable('The rate budget cannot be asked: a store is away');
}

/**
 * The rate budget of all networks (law 9), an exact sliding log in Redis. Live calls get a turn reserved in the order
 * of asking and sleep until it comes; background calls take at most two thirds, never reserve, and stand back for a
 * window after a live call had to wait. A Redis that lost its memory or was started anew pauses every network for one
 * window. A turn that is given up before it came is given back.
 */
export function createRateBudget(options: RateBudgetOptions): ObservedRateBudget {
  const { redis, limit } = options;
  const waitMaxMs = options.waitMaxMs ?? WAIT_MAX_MS;
  const stepMs = options.recoverStepMs ?? RECOVER_STEP_MS;
  const travelMs = travelOf(limit.windowMs);
  // A call may go out later than its turn by a part of it; the rest is for its way.
  const latenessMs = Math.floor(travelMs / 4);
  const windowMs = limit.windowMs + CLOCK_MS;
  const keepMs = 2 * windowMs + waitMaxMs + 10 * stepMs;
  const keysOf = (networkId: string) =>
    [
      `${options.keyPrefix}:tune-budget:marker`,
      `${options.keyPrefix}:tune-budget:slots:${networkId.toLowerCase()}`,
      `${options.keyPrefix}:tune-budget:state:${networkId.toLowerCase()}`,
    ] as const;
  const memory = createRedisMemory({ redis, keys: keysOf(''), pauseMs: windowMs, memory: options.memory });
  const run = (script: string, networkId: string, ...args: (string | number)[]): Promise<unknown> =>
    redis.eval(script, 3, ...keysOf(networkId), ...args);

  const giveBack = (networkId: string, id: string): void => {
    redis.zrem(keysOf(networkId)[1], id).catch(() => undefined);
  };

  async function ask(networkId: string, id: string, lane: BudgetLane, waitLeftMs: number) {
    const runId = await memory.runId();
    const askedAt = performance.now();
    const reply = await run(
      TAKE_SCRIPT,
      networkId,
      ...[runId, id, lane, limit.calls, windowMs, latenessMs, Math.max(0, Math.ceil(waitLeftMs)), stepMs, keepMs],
      travelMs,
    );
    const [word, ms] = takeReply.parse(reply);
    // Granted long ago, but heard of only now: the call would go out too late.
    const stale = word === 'granted' && performance.now() - askedAt > latenessMs;
    return { word: stale ? ('stale' as const) : word, ms };
  }

  async function take(networkId: string, lane: BudgetLane, signal: AbortSignal | undefined): Promise<string> {
    const startedAt = performance.now();
    let id = randomUUID();
    await memory.ready();
    for (;;) {
      if (isOutOfTime(signal)) throw unavailable('The rate budget of the network gave no turn in time');
      if (signal?.aborted) throw new TuneError('aborted', 'The call was given up while it waited for its turn');
      const waitLeftMs = waitMaxMs - (performance.now() - startedAt);
      const { word, ms } = await ask(networkId, id, lane, waitLeftMs);
      if (word === 'granted') return id;
      if (word === 'refused') throw unavailable('The rate budget of the network is used up', ms);
      if (word === 'unmarked') await memory.markLost();
      if (word === 'stale') {
        if (waitLeftMs <= 0) throw unavailable('Redis answers too slowly for the rate budget');
        id = randomUUID();
      }
      if (word === 'ask-again') await sleep(Math.min(ms, LOOK_AGAIN_MS), signal);
      if (word === 'wait') {
        await sleep(ms, signal);
        if (signal?.aborted) giveBack(networkId, id);
      }
    }
  }

  return {
    async take(networkId, { lane = 'live', signal } = {}) {
      try {
        const id = await take(networkId, lane, signal);
        return { arrived: () => void run(ARRIVED_SCRIPT, networkId, id).catch(() => undefined) };
      } catch (error) {
        throw translate(error);
      }
    },
    async limited(networkId) {
      try {
        await run(LIMITED_SCRIPT, networkId, windowMs, stepMs, keepMs);
      } catch (error) {
        throw translate(error);
      }
    },
    async usage(networkId) {
      try {
        const reply = await run(USAGE_SCRIPT, networkId, limit.calls, limit.windowMs, stepMs, travelMs);
        const [used, allowed, pausedMs] = usageReply.parse(reply);
        return { used, allowed, pausedMs };
      } catch (error) {
        throw translate(error);
      }
    },
  };
}
