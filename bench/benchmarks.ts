import type { Benchmark } from './benchmark.js';
import { pullToBooks } from './benchmarks/a-pull-to-books.js';
import { pullAgain } from './benchmarks/b-pull-again.js';
import { memory } from './benchmarks/c-memory.js';
import { manyClicks } from './benchmarks/d-many-clicks.js';
import { revenue } from './benchmarks/e-revenue.js';
import { lateClicks } from './benchmarks/f-late-clicks.js';
import { offers } from './benchmarks/g-offers.js';
import { postbacks } from './benchmarks/h-postbacks.js';
import { postbackToBooks } from './benchmarks/i-postback-to-books.js';
import { backfill } from './benchmarks/j-backfill.js';
import { hostileAnswers } from './benchmarks/k-hostile-answers.js';
import { bytes } from './benchmarks/l-bytes.js';
import { retention } from './benchmarks/m-retention.js';
import { growth } from './benchmarks/n-growth.js';

export const BENCHMARKS: readonly Benchmark[] = [
  pullToBooks,
  pullAgain,
  memory,
  manyClicks,
  revenue,
  lateClicks,
  offers,
  postbacks,
  postbackToBooks,
  backfill,
  hostileAnswers,
  bytes,
  retention,
  growth,
];
