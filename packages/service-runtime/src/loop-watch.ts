import { CodedError } from '@trackly-tune/domain';
/** Keeps which of a process's loops cannot do their work, for readiness. */
export interface LoopWatch {
  worked(loop: string): void;
  failed(loop: string): void;
  /** Throws when a loop has failed at several turns in a row: a check of readiness. */
  check(): Promise<void>;
}

/** One turn may fail for a passing reason. */
const FAILED_TURNS_MAX = 3;

class LoopFailingError extends CodedError<`loop_failing: ${string}`> {
  constructor(loops: readonly string[]) {
    super(`loop_failing: ${loops.join(', ')}`, 'A loop of this process cannot do its work', { advice: 'retry-later' });
  }
}

/**
 * A turn fails only when the loop can work for nobody: what is wrong with one item is parked and lets the turn succeed.
 * The code that readiness shows names the loops.
 */
export function createLoopWatch(): LoopWatch {
  const failures = new Map<string, number>();
  return {
    worked: (loop) => void failures.delete(loop),
    failed: (loop) => void failures.set(loop, (failures.get(loop) ?? 0) + 1),
    async check() {
      const failing = [...failures].filter(([, turns]) => turns >= FAILED_TURNS_MAX).map(([loop]) => loop);
      if (failing.length > 0) throw new LoopFailingError(failing.sort());
    },
  };
}
