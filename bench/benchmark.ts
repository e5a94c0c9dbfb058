import type { BenchStores } from './world/bench-stores.js';
import type { World } from './world/open-world.js';

export const SIZES = ['smoke', 'quick', 'full'] as const;
export type Size = (typeof SIZES)[number];

/** One line of the table: what is wanted, what must be, what was seen. */
export interface Finding {
  readonly what: string;
  readonly goal: string;
  /** What must hold; empty where the goal is all there is. */
  readonly floor: string;
  readonly measured: string;
  /** null: a figure to know, without a bound. */
  readonly met: 'goal' | 'floor' | 'missed' | null;
  /** How it came about: repetitions, sizes, side figures. */
  readonly note: string;
}

export interface BenchContext {
  readonly size: Size;
  readonly stores: BenchStores;
  /** See WorldSource. */
  readonly openWorld: (options?: { rateLimit?: string }) => Promise<World>;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

export interface Benchmark {
  /** How it is chosen on the command line. */
  readonly letter: string;
  readonly title: string;
  run(context: BenchContext): Promise<Finding[]>;
}
