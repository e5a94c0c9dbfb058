import { readPullBacklog, type Database } from '@trackly-tune/database';
import { createJobMetrics, shareReading, type JobMetrics } from '@trackly-tune/service-runtime';
import { Gauge, type Registry } from 'prom-client';

export type PullMetrics = JobMetrics;

/** Networks named in a metric: the longest waiting ones, since each name is a series of its own. */
const NETWORKS_MAX = 20;

/** What operators see of this worker. What is behind is read from PostgreSQL when it is asked for. */
export function createPullMetrics(registry: Registry, db: Database): PullMetrics {
  const registers = [registry];
  // While PostgreSQL is away the last values stand; readiness says what is wrong.
  const readBacklog = shareReading(() => readPullBacklog(db, NETWORKS_MAX));
  new Gauge({
    name: 'trackly_schedule_overdue_seconds',
    help: 'How late the most overdue schedule of conversions is',
    registers,
    async collect() {
      const backlog = await readBacklog();
      if (backlog) this.set(backlog.scheduleOverdueSeconds);
    },
  });
  new Gauge({
    name: 'trackly_pull_oldest_waiting_seconds',
    help: 'How long the longest waiting work of a network could have been done; the longest waiting networks only',
    labelNames: ['network_id'] as const,
    registers,
    async collect() {
      const backlog = await readBacklog();
      if (!backlog) return;
      this.reset();
      for (const { networkId, waitingSeconds } of backlog.networks) this.set({ network_id: networkId }, waitingSeconds);
    },
  });
  return createJobMetrics(registry);
}
