import type { Benchmark } from './benchmark.js';
import { pullToBooks } from './benchmarks/a-pull-to-books.js';
import { pullAgain } from './benchmarks/b-pull-again.js';

export const BENCHMARKS: readonly Benchmark[] = [pullToBooks, pullAgain];
