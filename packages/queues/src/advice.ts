import { readFailure, type Advice } from '@trackly-tune/domain';
import { UnrecoverableError } from 'bullmq';
import { isJobName, JOBS } from './catalogue.js';

/** The name of our back-off in a job's options. */
export const BACK_OFF_TYPE = 'advice';

const LATER_MS = 30_000;
const BACK_OFF_MAX_MS = 10 * 60_000;

/** What BullMQ keeps of a failure: the code, since an error's text may hold anything. */
export class JobFailure extends Error {
  constructor(
    code: string,
    readonly advice: Advice,
    readonly retryAfterMs: number | undefined,
  ) {
    super(code);
    this.name = 'JobFailure';
  }
}

/** What a handler threw, as the error that makes BullMQ follow its advice. */
export function toQueueError(error: unknown): Error {
  const { code, advice, retryAfterMs } = readFailure(error);
  return advice === 'never' ? new UnrecoverableError(code) : new JobFailure(code, advice, retryAfterMs);
}

/** The pause in milliseconds before the next attempt, at most 10 minutes. `failures` counts from 1. */
export function backOffMs(failures: number, jobName: string, error: unknown): number {
  const doubled = 2 ** Math.min(failures - 1, 20);
  const ownMs = isJobName(jobName) ? JOBS[jobName].retry.backOffMs : LATER_MS;
  const later = error instanceof JobFailure && error.advice === 'retry-later';
  const pauseMs = later ? (error.retryAfterMs ?? LATER_MS * doubled) : ownMs * doubled;
  return Math.min(pauseMs, BACK_OFF_MAX_MS);
}
