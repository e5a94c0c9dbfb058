import { Gauge, Histogram, type Registry } from 'prom-client';
import { shareReading } from './metrics.js';
import { withTimeLimit } from './time-limit.js';

interface BudgetUse {
  readonly networkId: string;
  readonly used: number;
  readonly allowed: number;
  readonly pausedMs: number;
}

export interface TuneMetrics {
  /** `result`: `ok`, or the code of the failure. */
  observeCall(call: { readonly method: string; readonly result: string; readonly durationMs: number }): void;
}

const BUCKETS_SECONDS = [0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60];
const READ_TIMEOUT_MS = 2_000;

/**
 * What a process sees of TUNE: how long its calls take and what comes of them, and how much of the rate budget of the
 * networks that it called lately is used, by all processes together.
 *
 * @param readBudgets a bounded number of networks, since each is a series of its own
 */
export function createTuneMetrics(registry: Registry, readBudgets: () => Promise<readonly BudgetUse[]>): TuneMetrics {
  const registers = [registry];
  const calls = new Histogram({
    name: 'trackly_tune_call_duration_seconds',
    help: 'Calls of TUNE by method and result (ok or the code of the failure), without the wait for the budget',
    labelNames: ['method', 'result'] as const,
    buckets: BUCKETS_SECONDS,
    registers,
  });
  const read = shareReading(() => withTimeLimit('Reading rate budgets', READ_TIMEOUT_MS, readBudgets));
  const gauge = (name: string, help: string, value: (use: BudgetUse) => number): void => {
    new Gauge({
      name,
      help: `${help}; networks that this process called lately`,
      labelNames: ['network_id'] as const,
      registers,
      async collect() {
        const budgets = await read();
        this.reset();
        for (const use of budgets ?? []) this.set({ network_id: use.networkId }, value(use));
      },
    });
  };
  gauge('trackly_tune_budget_used', 'Calls in the last window of TUNE_RATE_LIMIT', ({ used }) => used);
  gauge('trackly_tune_budget_allowed', 'Calls that a window may hold now', ({ allowed }) => allowed);
  gauge(
    'trackly_tune_budget_paused_seconds',
    'Nobody calls the network for so long',
    ({ pausedMs }) => pausedMs / 1000,
  );
  return {
    observeCall: ({ method, result, durationMs }) => calls.observe({ method, result }, durationMs / 1000),
  };
}
