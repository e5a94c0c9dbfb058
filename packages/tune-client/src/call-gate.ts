import { isOutOfTime } from './out-of-time.js';
import { TuneError } from './tune-error.js';

/** Lets a bounded number of calls through at once; the others wait in line. */
export interface CallGate {
  /** Resolves with what opens the gate again. Throws `aborted`, or `timeout` after `waitMaxMs`. */
  enter(options: { signal: AbortSignal | undefined; waitMaxMs: number }): Promise<() => void>;
  /** Nobody inside and nobody waiting. */
  idle(): boolean;
}

function allBusy(): TuneError {
  return new TuneError('timeout', 'All connections to the network are busy with calls that take long');
}

function givenUp(signal: AbortSignal | undefined): TuneError {
  return isOutOfTime(signal) ? allBusy() : new TuneError('aborted', 'The call was given up');
}

export function createCallGate(insideMax: number): CallGate {
  const waiting = new Set<() => void>();
  let inside = 0;

  const releaser = (): (() => void) => {
    let released = false;
    return () => {
      if (released) return;
      released = true;
      inside--;
      const [next] = waiting;
      next?.();
    };
  };

  return {
    idle: () => inside === 0 && waiting.size === 0,
    enter({ signal, waitMaxMs }) {
      if (signal?.aborted) return Promise.reject(givenUp(signal));
      if (inside < insideMax) {
        inside++;
        return Promise.resolve(releaser());
      }
      return new Promise((resolve, reject) => {
        const leave = (): void => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', onAbort);
          waiting.delete(onFree);
        };
        const onFree = (): void => {
          leave();
          inside++;
          resolve(releaser());
        };
        const giveUp = (error: TuneError): void => {
          leave();
          reject(error);
        };
        const onAbort = (): void => giveUp(givenUp(signal));
        const timer = setTimeout(() => giveUp(allBusy()), waitMaxMs);
        signal?.addEventListener('abort', onAbort, { once: true });
        waiting.add(onFree);
      });
    },
  };
}
