import { WaitingError, Worker, type Job } from 'bullmq';
import type { Logger } from 'pino';
import { backOffMs } from './advice.js';
import type { QueueName } from './catalogue.js';
import { logConnection } from './connection-log.js';
import { openWorkerConnection } from './connection.js';
import { createStopping } from './job-signal.js';
import { processJob, type Handlers, type JobOutcome } from './process-job.js';

export interface QueueWorker {
  /** Takes no new jobs, aborts the handlers' signals, waits for them, and leaves them behind after the budget. */
  close(options: { readonly budgetMs: number }): Promise<void>;
}

const WORKER_TIMES = {
  /** How long a worker owns a job without a sign of life; renewed at half of it. A blocked event loop loses jobs. */
  lockDuration: 30_000,
  /** How often workers look for jobs whose owner died: such a job waits 30 to 45 s. */
  stalledInterval: 15_000,
  /** A killed worker is no failure of the job, since handlers only look at what is due; a bound all the same. */
  maxStalledCount: 10,
  /** Seconds (BullMQ's unit) that an idle worker waits in one read; a new job ends the wait at once. */
  drainDelay: 10,
  /** Pause after a failed request to Redis. */
  runRetryDelay: 2_000,
};

/** With no job in hand and no Redis there is nothing to wait for. */
const AWAY_BUDGET_MS = 100;

/** BullMQ stops renewing locks only after its own close has waited for handlers and Redis, perhaps for ever. */
class RenewingWorker extends Worker {
  stopRenewing(): Promise<void> {
    return this.lockManager.close();
  }
}

/** Resolves when the work has ended, in whatever way, or after the budget. */
async function waitWithin(budgetMs: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, budgetMs);
  });
  await Promise.race([limit, work]).catch(() => undefined);
  clearTimeout(timer);
}

/**
 * The receiving side of one queue. A job that is lost, doubled or stalled does no harm, since handlers only look at
 * what PostgreSQL says is due. Redis may be away at start and later.
 *
 * @param options.observe told of each finished job, for metrics
 */
export function createWorker(options: {
  queue: QueueName;
  handlers: Handlers;
  concurrency: number;
  redisUrl: string;
  prefix: string;
  logger: Logger;
  observe?: (outcome: JobOutcome) => void;
}): QueueWorker {
  const { queue, handlers, concurrency, redisUrl, prefix, logger, observe = () => undefined } = options;
  const name = `worker ${queue}`;
  const stopping = createStopping(concurrency);
  const connection = openWorkerConnection(redisUrl, name, logger);
  const running = new Set<{ abandon(): void }>();
  // The third parameter must be there: BullMQ makes the signal only for processors that take it.
  const processor = (job: Job, token?: string, lockLost?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      // BullMQ is told that the job waits, which asks nothing of Redis: another worker finds it as stalled.
      const entry = { abandon: () => reject(new WaitingError()) };
      running.add(entry);
      processJob({ job, token, handlers, stopping: stopping.signal, lockLost, logger, observe })
        .then(resolve, reject)
        .finally(() => running.delete(entry));
    });
  const worker = new RenewingWorker(queue, processor, {
    connection,
    prefix,
    concurrency,
    ...WORKER_TIMES,
    settings: { backoffStrategy: (failures, _type, error, job) => backOffMs(failures, job?.name ?? '', error) },
  });
  const log = logConnection(`${name} jobs`, logger);
  worker.on('error', (error) => {
    // The connection says by itself when Redis is away; here only what else goes wrong.
    if (connection.status === 'ready' && !stopping.signal.aborted) log.error(error);
  });
  worker.on('ready', () => log.ready());
  worker.on('stalled', (jobId) => logger.warn({ job_id: jobId }, 'a worker died or hung; its job is taken up again'));
  worker.on('lockRenewalFailed', (jobIds) => jobIds.forEach((jobId) => worker.cancelJob(jobId, 'lock lost')));

  return {
    async close({ budgetMs }) {
      stopping.abort();
      // BullMQ's own close has no limit, and without Redis it waits for ever.
      await waitWithin(connection.status === 'ready' || running.size > 0 ? budgetMs : AWAY_BUDGET_MS, worker.close());
      if (running.size > 0) {
        logger.warn({ queue, jobs: running.size }, 'handlers did not end in time; their jobs will be taken up again');
      }
      connection.disconnectAll();
      for (const { abandon } of running) abandon();
      await worker.stopRenewing();
    },
  };
}
