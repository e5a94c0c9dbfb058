export { createBacklogMetrics } from './backlog-metrics.js';
export { beginRun, endCancelledRun } from './begin-run.js';
export { holdIntegrationSchedules } from './hold-integration-schedules.js';
export { isEverybodys } from './is-everybodys.js';
export { isolate } from './isolate.js';
export { migrateWhenReachable } from './migrate-when-reachable.js';
export { openTune, type OpenTune } from './open-tune.js';
export { openWorker } from './open-worker.js';
export { orPostpone } from './or-postpone.js';
export { createParking, type ParkableWork, type Parking, type ParkingReport } from './parking.js';
export { contextOf, ReportIncompleteError } from './report-incomplete.js';
export { openReading, ReportReading, type TakenPage } from './report-reading.js';
export { createSliceWork, type SliceWork } from './slice-work.js';
export {
  parkedSchedules,
  startDueSchedule,
  startDueSchedules,
  watchDueSchedules,
  type ScheduledWork,
} from './start-due-schedules.js';
export { watchWaitingNetworks } from './watch-waiting-networks.js';
export { withNetworkLease } from './with-network-lease.js';
export { tuneSettings, workerSettings } from './worker-settings.js';
