import { readPullBacklog, type Database } from '@trackly-tune/database';
import type { JobOutcome } from '@trackly-tune/queues';
import { shareReading } from '@trackly-tune/service-runtime';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

export interface OfferMetrics {
  observeJob(outcome: JobOutcome): void;
  runEnded(kind: string, result: 'succeeded' | 'failed' | 'cancelled'): void;
}

/** Networks named in a metric: the longest waiting ones, since each name is a series of its own. */
const NETWORKS_MAX = 20;

/** What operators see of this worker. What is behind is read from PostgreSQL when it is asked for. */
export function createOfferMetrics(registry: Registry, db: Database): OfferMetrics {
  const registers = [registry];
  const jobs = new Counter({
    name: 'trackly_jobs_total',
    help: 'Jobs by outcome',
    labelNames: ['job', 'outcome'] as const,
    registers,
  });
  const durations = new Histogram({
    name: 'trackly_job_duration_seconds',
    help: 'How long jobs took',
    labelNames: ['job'] as const,
    buckets: [0.05, 0.25, 1, 5, 15, 60, 300],
    registers,
  });
  const runs = new Counter({
    name: 'trackly_runs_ended_total',
    help: 'Sync runs that ended here, by kind and result',
    labelNames: ['kind', 'result'] as const,
    registers,
  });
  // While PostgreSQL is away the last values stand; readiness says what is wrong.
  const readBacklog = shareReading(() => readPullBacklog(db, NETWORKS_MAX, 'offers'));
  new Gauge({
    name: 'trackly_offer_schedule_overdue_seconds',
    help: 'How late the most overdue schedule of offers is',
    registers,
    async collect() {
      const backlog = await readBacklog();
      if (backlog) this.set(backlog.scheduleOverdueSeconds);
    },
  });
  new Gauge({
    name: 'trackly_offers_oldest_waiting_seconds',
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
  return {
    observeJob({ job, outcome, durationMs }) {
      jobs.inc({ job, outcome });
      durations.observe({ job }, durationMs / 1000);
    },
    runEnded: (kind, result) => runs.inc({ kind, result }),
  };
}
