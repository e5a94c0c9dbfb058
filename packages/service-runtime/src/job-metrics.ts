import { Counter, Histogram, type Registry } from 'prom-client';

export interface JobMetrics {
  observeJob(outcome: { readonly job: string; readonly outcome: string; readonly durationMs: number }): void;
  runEnded(kind: string, result: 'succeeded' | 'failed' | 'cancelled'): void;
}

const BUCKETS_SECONDS = [0.05, 0.25, 1, 5, 15, 60, 300];

/** The jobs of a worker and the sync runs that ended in it. */
export function createJobMetrics(registry: Registry): JobMetrics {
  const registers = [registry];
  const jobs = new Counter({
    name: 'trackly_jobs_total',
    help: 'Jobs by outcome: done, failed, handed-back (the worker stopped)',
    labelNames: ['job', 'outcome'] as const,
    registers,
  });
  const durations = new Histogram({
    name: 'trackly_job_duration_seconds',
    help: 'How long jobs took',
    labelNames: ['job'] as const,
    buckets: BUCKETS_SECONDS,
    registers,
  });
  const runs = new Counter({
    name: 'trackly_runs_ended_total',
    help: 'Sync runs that ended in this process, by kind and result',
    labelNames: ['kind', 'result'] as const,
    registers,
  });
  return {
    observeJob({ job, outcome, durationMs }) {
      jobs.inc({ job, outcome });
      durations.observe({ job }, durationMs / 1000);
    },
    runEnded: (kind, result) => runs.inc({ kind, result }),
  };
}
