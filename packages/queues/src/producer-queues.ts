import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { KEPT_JOBS, QUEUE_NAMES, type QueueName } from './catalogue.js';
import { logConnection } from './connection-log.js';

export interface ProducerQueues {
  get(name: QueueName): Queue;
  all(): readonly Queue[];
  close(): Promise<void>;
}

/** Entries of the stream of events that nobody but the board reads. */
const EVENTS_MAX = 1_000;

/** BullMQ's sending side of every queue over one connection, which the caller closes afterwards. */
export function openProducerQueues(connection: Redis, prefix: string, logger: Logger): ProducerQueues {
  const queues = new Map<QueueName, Queue>();
  let closing = false;

  function open(name: QueueName): Queue {
    const queue = new Queue(name, {
      connection,
      prefix,
      defaultJobOptions: KEPT_JOBS,
      streams: { events: { maxLen: EVENTS_MAX } },
    });
    const log = logConnection(`queue ${name}`, logger);
    // The connection says by itself when Redis is away; here only what else goes wrong.
    queue.on('error', (error) => {
      if (connection.status === 'ready') log.error(error);
    });
    // A queue whose first contact failed half-way stays broken for ever: the next use gets a new one.
    queue.waitUntilReady().catch(() => {
      if (!closing && queues.get(name) === queue) queues.delete(name);
    });
    queues.set(name, queue);
    return queue;
  }

  const get = (name: QueueName): Queue => queues.get(name) ?? open(name);
  QUEUE_NAMES.forEach(get);
  return {
    get,
    all: () => QUEUE_NAMES.map(get),
    async close() {
      closing = true;
      await Promise.allSettled([...queues.values()].map((queue) => queue.close()));
    },
  };
}
