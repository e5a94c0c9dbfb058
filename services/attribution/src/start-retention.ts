import { readPasses, type Database, type LongWindow } from '@trackly-tune/database';
import {
  logRepeatedErrors,
  runEvery,
  watchReading,
  type ErrorRun,
  type Logger,
  type LoopWatch,
  type TimedLoop,
} from '@trackly-tune/service-runtime';
import { Counter, Gauge, type Registry } from 'prom-client';
import type { AttributionConfig } from './config.js';
import { dropOld } from './use-cases/drop-old.js';

const DROP_EVERY_MS = 5_000;

function createRetentionMetrics(registry: Registry, db: Database, logger: Logger) {
  const registers = [registry];
  const labelNames = ['table'] as const;
  const read = watchReading({ registry, logger, name: 'retention passes' }, () => readPasses(db));
  new Gauge({
    name: 'trackly_retention_pass_age_seconds',
    help: 'Since a pass that drops old rows last came to the end of a table',
    labelNames,
    registers,
    async collect() {
      for (const { table, ageSeconds } of (await read()) ?? []) this.set({ table }, ageSeconds);
    },
  });
  return {
    dropped: new Counter({ name: 'trackly_retention_dropped_total', help: 'Old rows dropped', labelNames, registers }),
    failed: new Counter({
      name: 'trackly_retention_failures_total',
      help: 'Tables whose old rows could not be dropped at a turn',
      labelNames,
      registers,
    }),
  };
}

/** The loop that drops what is old and used by nothing (RETENTION_CLICKS_DAYS, RETENTION_LOG_DAYS), with its metrics. */
export function startRetention(options: {
  db: Database;
  config: Pick<AttributionConfig, 'RETENTION_CLICKS_DAYS' | 'RETENTION_LOG_DAYS'>;
  registry: Registry;
  logger: Logger;
  signal: AbortSignal;
  watch: LoopWatch;
}): TimedLoop {
  const { db, config, registry, logger, signal, watch } = options;
  const metrics = createRetentionMetrics(registry, db, logger);
  const errors = new Map<string, ErrorRun>();
  function errorsOf(table: string): ErrorRun {
    const known = errors.get(table) ?? logRepeatedErrors(`dropping old ${table}`, logger);
    errors.set(table, known);
    return known;
  }
  let said = '[]';
  /** Once, and again when it changes. */
  function sayLongWindows(windows: readonly LongWindow[]): void {
    const now = JSON.stringify(windows);
    if (now === said) return;
    said = now;
    const accounts = windows.map(({ accountId, windowDays }) => ({ account_id: accountId, window_days: windowDays }));
    if (accounts.length > 0) logger.warn({ accounts }, 'click windows keep the clicks of accounts longer than others');
  }
  return runEvery({
    ...{ name: 'drop-old', everyMs: DROP_EVERY_MS, logger, signal, watch },
    run: (stop) =>
      dropOld({
        db,
        clicksDays: config.RETENTION_CLICKS_DAYS,
        logDays: config.RETENTION_LOG_DAYS,
        signal: stop,
        onDropped(table, rows) {
          metrics.dropped.inc({ table }, rows);
          errorsOf(table).worked();
        },
        onFailed(table, error) {
          metrics.failed.inc({ table });
          errorsOf(table).failed(error);
        },
        onLongWindows: sayLongWindows,
      }),
  });
}
