import { CodedError } from '@trackly-tune/domain';
import { Gauge, type Registry } from 'prom-client';

/** Keeps which of a process's loops cannot do their work, for readiness and metrics. */
export interface LoopWatch {
  worked(loop: string): void;
  failed(loop: string): void;
  /** The loops that have failed at several turns in a row. */
  failing(): string[];
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
  const failing = () =>
    [...failures]
      .filter(([, turns]) => turns >= FAILED_TURNS_MAX)
      .map(([loop]) => loop)
      .sort();
  return {
    failing,
    worked: (loop) => void failures.delete(loop),
    failed: (loop) => void failures.set(loop, (failures.get(loop) ?? 0) + 1),
    async check() {
      const loops = failing();
      if (loops.length > 0) throw new LoopFailingError(loops);
    },
  };
}

/** Shows each loop of this process that can work for nobody. */
export function createLoopMetrics(registry: Registry, watch: Pick<LoopWatch, 'failing'>): void {
  new Gauge({
    name: 'trackly_loops_failing',
    help: 'Loops of this process that have failed at several turns in a row: 1 for each',
    labelNames: ['loop'] as const,
    registers: [registry],
    collect() {
      this.reset();
      for (const loop of watch.failing()) this.set({ loop }, 1);
    },
  });
}
