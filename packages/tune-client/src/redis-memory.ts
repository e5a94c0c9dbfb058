import type { Redis } from 'ioredis';
import { MARK_SCRIPT } from './rate-budget-scripts.js';

/** Whether the budget was ever used, kept where Redis' failures do not reach (PostgreSQL). */
export interface BudgetMemory {
  wasUsedBefore(): Promise<boolean>;
  remember(): Promise<void>;
}

/** Tells a Redis that lost its memory from one that is used for the first time (law 9). */
export interface RedisMemory {
  /** The id of the Redis process behind the connection; another one after a restart or a fail-over. */
  runId(): Promise<string>;
  /** Resolves when this process may rely on the marker: it exists, and PostgreSQL knows that it does. */
  ready(): Promise<void>;
  /** Redis has no marker although it had one: everybody pauses for a window. */
  markLost(): Promise<void>;
}

export function createRedisMemory(options: {
  redis: Redis;
  keys: readonly [string, string, string];
  pauseMs: number;
  memory: BudgetMemory;
}): RedisMemory {
  const { redis, keys, memory } = options;
  let runId: Promise<string> | null = null;
  let ready: Promise<void> | null = null;
  redis.on('close', () => (runId = null));

  const readRunId = (): Promise<string> => {
    const asked = redis.info('server').then((info) => /^run_id:(\S+)/m.exec(info)?.[1] ?? 'unknown');
    runId = asked;
    asked.catch(() => (runId = runId === asked ? null : runId));
    return asked;
  };
  const currentRunId = (): Promise<string> => runId ?? readRunId();
  const mark = async (pauseMs: number): Promise<void> => {
    await redis.eval(MARK_SCRIPT, keys.length, ...keys, await currentRunId(), pauseMs);
  };
  const prepare = async (): Promise<void> => {
    if ((await redis.exists(keys[0])) === 0) await mark((await memory.wasUsedBefore()) ? options.pauseMs : 0);
    // Before the first call goes out, never after.
    await memory.remember();
  };

  return {
    runId: currentRunId,
    ready() {
      const preparing = ready ?? prepare();
      ready = preparing;
      preparing.catch(() => (ready = ready === preparing ? null : ready));
      return preparing;
    },
    markLost: () => mark(options.pauseMs),
  };
}
