import type { JobsOptions } from 'bullmq';
import { JOBS, KEPT_JOBS, type JobName } from './catalogue.js';
import { BACK_OFF_TYPE } from './advice.js';

/** The catalogue's rules of one job in BullMQ's words. */
export function jobOptions(name: JobName): JobsOptions {
  const { retry } = JOBS[name];
  return {
    attempts: retry.attempts,
    backoff: { type: BACK_OFF_TYPE, delay: retry.backOffMs },
    // Where a handler failed is in the log; Redis keeps the code alone.
    stackTraceLimit: 0,
    ...KEPT_JOBS,
  };
}
