import { Gauge, type Registry } from 'prom-client';
import { shareReading } from './metrics.js';
import { withTimeLimit } from './time-limit.js';

const READ_TIMEOUT_MS = 2_000;

/** How many jobs each queue holds. While Redis is away the samples are left out: old counts would say nothing. */
export function watchQueues(registry: Registry, counts: () => Promise<Record<string, Record<string, number>>>): void {
  const read = shareReading(() => withTimeLimit('Counting jobs', READ_TIMEOUT_MS, counts));
  new Gauge({
    name: 'trackly_queue_jobs',
    help: 'Jobs in the queues by state; every service tells the same of all queues',
    labelNames: ['queue', 'state'] as const,
    registers: [registry],
    async collect() {
      const queues = await read();
      this.reset();
      for (const [queue, states] of Object.entries(queues ?? {})) {
        for (const [state, count] of Object.entries(states)) this.set({ queue, state }, count);
      }
    },
  });
}
