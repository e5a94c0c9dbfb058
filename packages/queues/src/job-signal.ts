import { setMaxListeners } from 'node:events';
import { CodedError } from '@trackly-tune/domain';

/** Why a handler's signal aborted. */
export type AbortReason = 'stopping' | 'lock-lost' | 'run-time-over';

const CODES = {
  stopping: 'job_aborted_stopping',
  'lock-lost': 'job_aborted_lock_lost',
  'run-time-over': 'job_aborted_run_time_over',
} as const;

/** What a handler's signal aborts with. Reasons are ours, so a handler may throw it as it is. */
export class JobAbortedError extends CodedError<
  'job_aborted_stopping' | 'job_aborted_lock_lost' | 'job_aborted_run_time_over'
> {
  constructor(readonly reason: AbortReason) {
    super(CODES[reason], `The job was told to stop: ${reason}`, { advice: 'retry' });
  }
}

export interface JobSignal {
  readonly signal: AbortSignal;
  reason(): AbortReason | null;
  release(): void;
}

/** One signal out of three: the worker stops, another worker owns the job by now, or it ran for too long. */
export function createJobSignal(options: {
  stopping: AbortSignal;
  lockLost: AbortSignal | undefined;
  runTimeMaxMs: number;
}): JobSignal {
  const { stopping, lockLost, runTimeMaxMs } = options;
  const controller = new AbortController();
  let reason: AbortReason | null = null;
  const abort = (why: AbortReason) => (): void => {
    if (reason !== null) return;
    reason = why;
    controller.abort(new JobAbortedError(why));
  };
  const [onStopping, onLockLost] = [abort('stopping'), abort('lock-lost')];
  const timer = setTimeout(abort('run-time-over'), runTimeMaxMs);
  // A handler that hangs must not keep a process alive that is to end.
  timer.unref();
  stopping.addEventListener('abort', onStopping, { once: true });
  lockLost?.addEventListener('abort', onLockLost, { once: true });
  if (stopping.aborted) onStopping();
  return {
    signal: controller.signal,
    reason: () => reason,
    release() {
      clearTimeout(timer);
      stopping.removeEventListener('abort', onStopping);
      lockLost?.removeEventListener('abort', onLockLost);
    },
  };
}

/** What stops a worker. Each of its jobs listens; beyond ten Node.js would take that for a leak and warn of it. */
export function createStopping(jobsMax: number): AbortController {
  const stopping = new AbortController();
  setMaxListeners(jobsMax + 1, stopping.signal);
  return stopping;
}
