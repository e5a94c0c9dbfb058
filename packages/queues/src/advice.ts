import { UnrecoverableError } from 'bullmq';
import { isJobName, JOBS } from './catalogue.js';

/**
 * What each advice of an error becomes (law 11):
 * - `never`: the job fails at once, whatever attempts are left;
 * - `retry`, and errors without an advice: tried again after the job's back-off, which doubles each time;
 * - `retry-later`: tried again after the error's own `retryAfterMs`, else after 30 s, doubling each time.
 * A job that runs out of attempts is given up, which loses nothing: the reconcilers signal what is still due.
 */
export type Advice = 'retry' | 'retry-later' | 'never';

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

function readAdvice(error: unknown): Advice {
  const advice = (error as { advice?: unknown } | null | undefined)?.advice;
  return advice === 'never' || advice === 'retry-later' ? advice : 'retry';
}

/** The stable code of what a handler threw; `internal_error` when it has none. */
export function failureCode(error: unknown): string {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' && /^[A-Za-z0-9_.-]{1,64}$/.test(code) ? code : 'internal_error';
}

/** What a handler threw, as the error that makes BullMQ follow its advice. */
export function toQueueError(error: unknown): Error {
  const advice = readAdvice(error);
  if (advice === 'never') return new UnrecoverableError(failureCode(error));
  const after = (error as { retryAfterMs?: unknown } | null | undefined)?.retryAfterMs;
  return new JobFailure(failureCode(error), advice, typeof after === 'number' && after >= 0 ? after : undefined);
}

/** The pause in milliseconds before the next attempt, at most 10 minutes. `failures` counts from 1. */
export function backOffMs(failures: number, jobName: string, error: unknown): number {
  const doubled = 2 ** Math.min(failures - 1, 20);
  const ownMs = isJobName(jobName) ? JOBS[jobName].retry.backOffMs : LATER_MS;
  const later = error instanceof JobFailure && error.advice === 'retry-later';
  const pauseMs = later ? (error.retryAfterMs ?? LATER_MS * doubled) : ownMs * doubled;
  return Math.min(pauseMs, BACK_OFF_MAX_MS);
}
