import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import type { Logger } from 'pino';
import { logRepeatedErrors } from './log-repeated-errors.js';
import { VERSION } from './version.js';

/** Where a process registers its metrics; for those that do not know the library. */
export type Metrics = Registry;

/** A registry with the process's own metrics, every sample labelled with the service. */
export function createMetrics(service: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'trackly_build_info',
    help: 'Always 1; its labels say which version of the product runs',
    labelNames: ['version'],
    registers: [registry],
  }).set({ version: VERSION }, 1);
  return registry;
}

/**
 * For gauges that are read from a store when they are asked for: readings asked for at the same time share one, and
 * one that fails is null, so that metrics are there while the store is away.
 */
export function shareReading<Reading>(
  read: () => Promise<Reading>,
  told: { worked(): void; failed(error: unknown): void } = { worked: () => undefined, failed: () => undefined },
): () => Promise<Reading | null> {
  let running: Promise<Reading | null> | undefined;
  return () => {
    running ??= read()
      .then((reading) => {
        told.worked();
        return reading;
      })
      .catch((error: unknown) => {
        told.failed(error);
        return null;
      })
      .finally(() => (running = undefined));
    return running;
  };
}

const READING_FAILURES = 'trackly_metric_readings_failed_total';

const readingFailures = (registry: Registry): Counter<'reading'> =>
  (registry.getSingleMetric(READING_FAILURES) as Counter<'reading'> | undefined) ??
  new Counter({
    name: READING_FAILURES,
    help: 'Readings of a store for gauges that failed; the gauges keep their last values',
    labelNames: ['reading'] as const,
    registers: [registry],
  });
/**
 * As `shareReading`, for one named reading of PostgreSQL: that it fails is logged and counted, and other readings do
 * not notice.
 */
export function watchReading<Reading>(
  options: { registry: Registry; logger: Logger; name: string },
  read: () => Promise<Reading>,
): () => Promise<Reading | null> {
  const { registry, logger, name } = options;
  const failures = readingFailures(registry);
  failures.inc({ reading: name }, 0);
  const errors = logRepeatedErrors(`reading ${name} for metrics`, logger);
  return shareReading(read, {
    worked: () => errors.worked(),
    failed(error) {
      failures.inc({ reading: name });
      errors.failed(error);
    },
  });
}
