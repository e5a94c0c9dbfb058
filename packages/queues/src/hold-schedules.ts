import { JOBS, type JobName } from './catalogue.js';
import { QueueUnavailableError } from './queue-unavailable.js';
import type { Queues } from './queues.js';
import { tickOffsetMs, type ScheduleEntry, type ScheduleSpec } from './schedules.js';

/** A tick that is later than this was lost, or nobody works on the queue. */
const OVERDUE_MS = 60_000;

function isAsWanted<Name extends JobName>(entry: ScheduleEntry, spec: ScheduleSpec<Name>, now: Date): boolean {
  return (
    entry.job === spec.job &&
    entry.everyMs === spec.everyMs &&
    entry.offsetMs === tickOffsetMs(spec) &&
    entry.nextAt !== null &&
    now.getTime() - entry.nextAt.getTime() < OVERDUE_MS
  );
}

/**
 * Holds the schedules of one job against what they should be: missing, different and overdue ones are set, those of
 * the job that nobody wants any more are removed. Repeating it changes nothing, and after Redis was emptied it brings
 * everything back. Throws QueueUnavailableError half-way when Redis goes away; the next call goes on. A schedule that
 * cannot be set is given to `onFailed` and keeps no other from its turn.
 */
export async function holdSchedules<Name extends JobName>(
  queues: Pick<Queues, 'listSchedules' | 'upsertSchedule' | 'removeSchedule'>,
  options: {
    readonly job: Name;
    readonly wanted: readonly ScheduleSpec<Name>[];
    readonly now: Date;
    readonly onFailed: (id: string, error: unknown) => void;
  },
): Promise<{ set: number; removed: number }> {
  const { job, wanted, now } = options;
  const { queue } = JOBS[job];
  const entries = new Map((await queues.listSchedules(queue)).map((entry) => [entry.id, entry]));
  let set = 0;
  for (const spec of wanted) {
    const entry = entries.get(spec.id);
    entries.delete(spec.id);
    if (entry && isAsWanted(entry, spec, now)) continue;
    try {
      await queues.upsertSchedule(spec);
      set += 1;
    } catch (error) {
      if (error instanceof QueueUnavailableError) throw error;
      options.onFailed(spec.id, error);
    }
  }
  let removed = 0;
  for (const entry of entries.values()) {
    if (entry.job !== job) continue;
    if (await queues.removeSchedule(queue, entry.id)) removed += 1;
  }
  return { set, removed };
}
