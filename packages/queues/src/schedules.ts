import type { Queue } from 'bullmq';
import type { JobName, PayloadOf } from './catalogue.js';
import { jobOptions } from './job-options.js';
import { readPayload } from './job-payload.js';

export interface ScheduleSpec<Name extends JobName> {
  readonly job: Name;
  /** Unique in its queue; a name of its own such as the integration's id. */
  readonly id: string;
  readonly everyMs: number;
  /** Moves the ticks within the period, so that integrations do not all tick at once. */
  readonly offsetMs: number;
  readonly payload: PayloadOf<Name>;
}

export interface ScheduleEntry {
  readonly id: string;
  readonly job: string;
  readonly everyMs: number;
  readonly offsetMs: number;
  readonly payload: unknown;
  readonly nextAt: Date | null;
}

/** What BullMQ is told as the offset: within one period, and never 0, which it takes for "at once". */
export function tickOffsetMs(spec: { readonly everyMs: number; readonly offsetMs: number }): number {
  return Math.max(1, Math.floor(spec.offsetMs) % spec.everyMs);
}

/**
 * Makes a schedule what it should be; repeating it changes nothing and brings back a tick that was lost. Ticks stand
 * at multiples of the period plus the offset, the first one in the future: who wants one now sends the job itself.
 */
export async function upsertSchedule<Name extends JobName>(queue: Queue, spec: ScheduleSpec<Name>): Promise<void> {
  const { job, id, everyMs } = spec;
  const payload = readPayload(job, spec.payload);
  const offset = tickOffsetMs(spec);
  const before = await queue.getJobScheduler(id);
  // BullMQ keeps the old ticks when only the offset differs.
  if (before && (before.every !== everyMs || before.offset !== offset)) await queue.removeJobScheduler(id);
  await queue.upsertJobScheduler(id, { every: everyMs, offset }, { name: job, data: payload, opts: jobOptions(job) });
}

/** Every schedule of one queue. */
export async function listSchedules(queue: Queue): Promise<ScheduleEntry[]> {
  const schedulers = await queue.getJobSchedulers(0, -1, true);
  return schedulers.map((scheduler) => ({
    id: scheduler.key,
    job: scheduler.name,
    everyMs: scheduler.every ?? 0,
    offsetMs: scheduler.offset ?? 0,
    payload: (scheduler.template?.data ?? {}) as unknown,
    nextAt: scheduler.next === undefined ? null : new Date(scheduler.next),
  }));
}
