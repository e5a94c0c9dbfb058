import { collectDefaultMetrics, Registry } from 'prom-client';

/** A registry with the process's own metrics, every sample labelled with the service. */
export function createMetrics(service: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  return registry;
}
