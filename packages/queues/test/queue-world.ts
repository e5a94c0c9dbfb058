/** What the tests of the queues stand on: a prefix of their own in a real Redis, and things that close themselves. */
import { randomUUID } from 'node:crypto';
import { createWorker, createQueues, type Handlers, type Queues, type QueueWorker } from '@trackly-tune/queues';
import { until } from '@trackly-tune/testing';
import { Redis } from 'ioredis';
import { pino, type Logger } from 'pino';

export interface LogLine {
  readonly level: number;
  readonly msg: string;
  readonly [field: string]: unknown;
}

/** A logger whose lines can be read and awaited. */
export function captureLog(): { logger: Logger; lines: LogLine[]; said(text: string): Promise<LogLine> } {
  const lines: LogLine[] = [];
  const waiting = new Set<() => void>();
  const write = (line: string): void => {
    lines.push(JSON.parse(line) as LogLine);
    for (const look of waiting) look();
  };
  return {
    logger: pino({ level: 'info' }, { write }),
    lines,
    said: (text) =>
      new Promise((resolve) => {
        const look = (): void => {
          const found = lines.find(({ msg }) => msg.includes(text));
          if (!found) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
  };
}

export function redisUrlOfTests(): string {
  const url = process.env['TEST_REDIS_URL'];
  if (!url) throw new Error('TEST_REDIS_URL is not set: run these tests with `npm test`');
  return url;
}

async function forget(prefix: string): Promise<void> {
  const redis = new Redis(redisUrlOfTests());
  const keys = await redis.keys(`${prefix}:*`);
  if (keys.length > 0) await redis.del(keys);
  redis.disconnect();
}

export function createQueueWorld(redisUrl = redisUrlOfTests()) {
  const prefix = `test-${randomUUID()}`;
  const log = captureLog();
  const closing: (() => Promise<void>)[] = [];
  return {
    prefix,
    log,
    queues(url = redisUrl): Queues {
      const queues = createQueues({ redisUrl: url, prefix, logger: log.logger });
      closing.push(() => queues.close());
      return queues;
    },
    worker(
      queue: 'conversion-sync' | 'offer-sync' | 'attribution',
      handlers: Handlers,
      options: { url?: string; concurrency?: number; observe?: Parameters<typeof createWorker>[0]['observe'] } = {},
    ): QueueWorker {
      const { url = redisUrl, concurrency = 5, observe } = options;
      const base = { queue, handlers, concurrency, redisUrl: url, prefix, logger: log.logger };
      const worker = createWorker(observe ? { ...base, observe } : base);
      closing.push(() => worker.close({ budgetMs: 1_000 }));
      return worker;
    },
    /** Takes a delayed job away behind BullMQ's back, as a Redis that lost a part of its memory would. */
    async loseJob(queue: string, jobId: string): Promise<void> {
      const redis = new Redis(redisUrl);
      await redis.zrem(`${prefix}:${queue}:delayed`, jobId);
      await redis.del(`${prefix}:${queue}:${jobId}`);
      redis.disconnect();
    },
    forgetEverything: () => forget(prefix),
    /** Closes everything, last opened first, and removes its keys. */
    async close(): Promise<void> {
      for (const close of closing.reverse()) await close();
      await forget(prefix);
    },
  };
}

export type QueueWorld = ReturnType<typeof createQueueWorld>;

/** Waits until Redis answers the sending side. */
export async function reachable(queues: Queues): Promise<void> {
  await until(() =>
    queues.ping().then(
      () => true,
      () => false,
    ),
  );
}
