import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
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
export function shareReading<Reading>(read: () => Promise<Reading>): () => Promise<Reading | null> {
  let running: Promise<Reading | null> | undefined;
  return () => {
    running ??= read()
      .catch(() => null)
      .finally(() => (running = undefined));
    return running;
  };
}
