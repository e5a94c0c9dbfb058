import type { Queue } from 'bullmq';
import type { Logger } from 'pino';
import { JOBS, QUEUE_NAMES, type JobName, type PayloadOf, type QueueName } from './catalogue.js';
import { createRedis, pingRedis } from './connection.js';
import { jobOptions } from './job-options.js';
import { deduplicationIdOf, readPayload } from './job-payload.js';
import { openProducerQueues } from './producer-queues.js';
import { orUnavailable, QueueUnavailableError } from './queue-unavailable.js';
import { listSchedules, upsertSchedule, type ScheduleEntry, type ScheduleSpec } from './schedules.js';

export type JobState = 'waiting' | 'active' | 'delayed' | 'completed' | 'failed';

/** The sending side. Every method but `boardQueues` and `close` throws QueueUnavailableError while Redis is away. */
export interface Queues {
  /** Also throws InvalidPayloadError. A job that already waits is not doubled. */
  send<Name extends JobName>(job: Name, payload: PayloadOf<Name>): Promise<void>;
  /** As `send`, but an unreachable queue is only logged: for wake-ups whose work a reconciler finds anyway. */
  wake<Name extends JobName>(job: Name, payload: PayloadOf<Name>): Promise<void>;
  upsertSchedule<Name extends JobName>(schedule: ScheduleSpec<Name>): Promise<void>;
  /** True when there was one. */
  removeSchedule(queue: QueueName, id: string): Promise<boolean>;
  listSchedules(queue: QueueName): Promise<ScheduleEntry[]>;
  counts(): Promise<Record<QueueName, Record<JobState, number>>>;
  ping(): Promise<void>;
  /** BullMQ's own objects, for the board only. */
  boardQueues(): readonly Queue[];
  close(): Promise<void>;
}

const SEND_TIMEOUT_MS = 2_000;
const LIST_TIMEOUT_MS = 15_000;
const STATES = ['waiting', 'active', 'delayed', 'completed', 'failed'] as const;

/**
 * The sending side of all queues over one connection. Redis need not be up: what is sent meanwhile fails fast.
 *
 * @param options.prefix what every key begins with (QUEUE_PREFIX)
 */
export function createQueues(options: { redisUrl: string; prefix: string; logger: Logger }): Queues {
  const { redisUrl, prefix, logger } = options;
  const connection = createRedis({ redisUrl, name: 'queues', logger });
  const queues = openProducerQueues(connection, prefix, logger);

  function reach<Result>(what: string, limitMs: number, work: () => Promise<Result>): Promise<Result> {
    return orUnavailable(what, limitMs, () => {
      // BullMQ would wait for the connection; a caller in a request cannot.
      if (connection.status !== 'ready') throw new Error(`the connection is ${connection.status}`);
      return work();
    });
  }

  async function send<Name extends JobName>(job: Name, payload: PayloadOf<Name>): Promise<void> {
    const data = readPayload(job, payload);
    const deduplication = { id: deduplicationIdOf(job, data), keepLastIfActive: true };
    await reach(`Sending ${job}`, SEND_TIMEOUT_MS, () =>
      queues.get(JOBS[job].queue).add(job, data, { ...jobOptions(job), deduplication }),
    );
  }

  async function countOne(name: QueueName): Promise<[QueueName, Record<JobState, number>]> {
    const counts = await queues.get(name).getJobCounts(...STATES);
    const count = (state: JobState): number => counts[state] ?? 0;
    return [
      name,
      {
        waiting: count('waiting'),
        active: count('active'),
        delayed: count('delayed'),
        completed: count('completed'),
        failed: count('failed'),
      },
    ];
  }

  return {
    send,
    async wake(job, payload) {
      await send(job, payload).catch((error: unknown) => {
        if (!(error instanceof QueueUnavailableError)) throw error;
        logger.warn({ job, err: error }, `${job} was not sent; a reconciler will find its work`);
      });
    },
    async upsertSchedule(schedule) {
      readPayload(schedule.job, schedule.payload);
      await reach('Setting a schedule', SEND_TIMEOUT_MS, () =>
        upsertSchedule(queues.get(JOBS[schedule.job].queue), schedule),
      );
    },
    removeSchedule: (queue, id) =>
      reach('Removing a schedule', SEND_TIMEOUT_MS, () => queues.get(queue).removeJobScheduler(id)),
    listSchedules: (queue) => reach('Listing the schedules', LIST_TIMEOUT_MS, () => listSchedules(queues.get(queue))),
    counts: () =>
      reach('Counting jobs', SEND_TIMEOUT_MS, async () => {
        const counts = await Promise.all(QUEUE_NAMES.map(countOne));
        return Object.fromEntries(counts) as Record<QueueName, Record<JobState, number>>;
      }),
    ping: () => reach('Asking Redis', SEND_TIMEOUT_MS, () => pingRedis(connection)),
    boardQueues: () => queues.all(),
    async close() {
      await queues.close();
      connection.disconnect();
    },
  };
}
