import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

interface PoolUse {
  readonly used: number;
  readonly idle: number;
  readonly waiting: number;
}

export interface DatabaseMetrics {
  observe(statement: { readonly durationMs: number; readonly failure: string | null }): void;
  /** Call it when the pool is there. */
  watchPool(poolUse: () => PoolUse): void;
}

const BUCKETS_SECONDS = [0.001, 0.005, 0.025, 0.1, 0.5, 2, 10, 30];
/** SQLSTATEs, whose set is closed, and Node.js's names of what happens to a connection. */
const KNOWN_FAILURE = /^([0-9A-Z]{5}|E[A-Z_]{3,20})$/;

/** What a process sees of PostgreSQL: how long statements take, why they fail, how full the pool is. */
export function createDatabaseMetrics(registry: Registry): DatabaseMetrics {
  const registers = [registry];
  const seconds = new Histogram({
    name: 'trackly_database_statement_duration_seconds',
    help: 'How long statements took, failed ones included',
    buckets: BUCKETS_SECONDS,
    registers,
  });
  const failures = new Counter({
    name: 'trackly_database_failures_total',
    help: 'Statements that failed, by SQLSTATE or the code of a broken connection (53100 = disk full)',
    labelNames: ['code'] as const,
    registers,
  });
  return {
    observe({ durationMs, failure }) {
      seconds.observe(durationMs / 1000);
      if (failure !== null) failures.inc({ code: KNOWN_FAILURE.test(failure) ? failure : 'other' });
    },
    watchPool(poolUse) {
      new Gauge({
        name: 'trackly_database_connections',
        help: 'Connections of the pool: used, idle, and work that waits for one',
        labelNames: ['state'] as const,
        registers,
        collect() {
          const use = poolUse();
          for (const state of ['used', 'idle', 'waiting'] as const) this.set({ state }, use[state]);
        },
      });
    },
  };
}
