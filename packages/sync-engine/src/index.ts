/*
 * What workers that sync with networks share: which network is worked on, slice by slice, and what becomes of failures.
 *
 *   a wake-up, a tick, or the reconcilers ──► run-network: lease ──► next slice ──► work-on-slice ──► SyncWork.take
 *                                                                                      │ fails
 *                                                            plan-retry ◄── settle-failure
 *
 * - Per network and story one worker at a time, under a lease that a heartbeat renews (law 8).
 * - PostgreSQL says what is due; a lost wake-up only makes it start later.
 * - A page is committed together with its cursor, while the lease holds.
 * - A worker says what it does with a slice (`SyncWork`); when, how long and how often is decided here.
 */
export { networkJob } from './jobs/network-job.js';
export { scheduleTickJob } from './jobs/schedule-tick-job.js';
export { createBackgroundTurns } from './networks/background-turns.js';
export { createNetworkRunner } from './networks/run-network.js';
export type { NetworkRunnerDeps } from './networks/runner-deps.js';
export { createUrgentWatches } from './networks/watch-urgent.js';
export { EndlessListError } from './reading/endless-list.js';
export { NotWholeError } from './reading/not-whole.js';
export { ReportIncompleteError } from './reading/report-incomplete.js';
export { openReading, ReportReading, type TakenPage } from './reading/report-reading.js';
export { READINGS_MAX } from './retry/plan-retry.js';
export { endStoppedRuns } from './runs/end-stopped-runs.js';
export {
  parkedSchedules,
  startDueSchedule,
  startDueSchedules,
  watchDueSchedules,
  type ScheduledWork,
} from './schedules/start-due-schedules.js';
export { startSyncWorker, type SyncWorkerDeps } from './start-sync-worker.js';
export type { NetworkOutcome, SliceTurn, SyncWork, TurnOutcome } from './sync-work.js';
