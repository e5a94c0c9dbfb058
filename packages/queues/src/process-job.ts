import { readFailure } from '@trackly-tune/domain';
import { UnrecoverableError, WaitingError, type Job } from 'bullmq';
import type { Logger } from 'pino';
import { toQueueError } from './advice.js';
import { isJobName, JOBS, type JobName, type JobOf, type PayloadOf, type QueueName } from './catalogue.js';
import { readPayload } from './job-payload.js';
import { createJobSignal } from './job-signal.js';

export interface JobContext {
  /** Aborts when the worker stops, when another worker took the job over, and when it ran for too long. */
  readonly signal: AbortSignal;
  /** From 1. */
  readonly attempt: number;
  readonly logger: Logger;
}

export type Handlers = {
  readonly [Name in JobName]?: (payload: PayloadOf<Name>, context: JobContext) => Promise<void>;
};

/** A handler for every job of the queue, and for no other: the worker of the queue has to take them all. */
export type HandlersOf<Queue extends QueueName> = Required<Pick<Handlers, JobOf<Queue>>>;

export interface JobOutcome {
  readonly job: string;
  readonly outcome: 'done' | 'failed' | 'handed-back';
  readonly durationMs: number;
}

function handlerOf(
  handlers: Handlers,
  name: string,
): ((payload: unknown, context: JobContext) => Promise<void>) | null {
  if (!isJobName(name)) return null;
  const handler = handlers[name] as ((payload: unknown, context: JobContext) => Promise<void>) | undefined;
  return handler ?? null;
}

/**
 * Runs one job through its handler. Throws what makes BullMQ follow the error's advice. A job that the handler left
 * because the worker stops goes back to the front of the queue and loses no attempt.
 */
export async function processJob(options: {
  job: Job;
  token: string | undefined;
  handlers: Handlers;
  stopping: AbortSignal;
  lockLost: AbortSignal | undefined;
  logger: Logger;
  observe: (outcome: JobOutcome) => void;
}): Promise<void> {
  const { job, token, handlers, stopping, lockLost, observe } = options;
  const logger = options.logger.child({ job: job.name, job_id: job.id });
  const startedAt = performance.now();
  const report = (outcome: JobOutcome['outcome']): void =>
    observe({ job: job.name, outcome, durationMs: performance.now() - startedAt });
  const handler = handlerOf(handlers, job.name);
  if (!handler || !isJobName(job.name)) {
    logger.error({ code: 'unknown_job' }, 'no handler for this job');
    report('failed');
    throw new UnrecoverableError('unknown_job');
  }
  const attempt = job.attemptsMade + 1;
  const handBack = async (): Promise<never> => {
    report('handed-back');
    if (token !== undefined) await job.moveToWait(token);
    throw new WaitingError();
  };
  // A request for a job may have been under way when the worker was told to stop.
  if (stopping.aborted) return handBack();
  const abort = createJobSignal({ stopping, lockLost, runTimeMaxMs: JOBS[job.name].runTimeMaxMs });
  try {
    await handler(readPayload(job.name, job.data), { signal: abort.signal, attempt, logger });
    report('done');
  } catch (error) {
    if (abort.reason() === 'stopping') return await handBack();
    logger.error({ err: error, code: readFailure(error).code, attempt }, `${job.name} failed`);
    report('failed');
    throw toQueueError(error);
  } finally {
    abort.release();
  }
}
