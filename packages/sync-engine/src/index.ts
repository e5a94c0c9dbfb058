export { createBacklogMetrics } from './backlog-metrics.js';
export { createSliceWork, type SliceWork } from './networks/slice-work.js';
export { orPostpone } from './networks/or-postpone.js';
export { watchWaitingNetworks } from './networks/watch-waiting-networks.js';
export { withNetworkLease } from './networks/with-network-lease.js';
export { contextOf, ReportIncompleteError } from './reading/report-incomplete.js';
export { openReading, ReportReading, type TakenPage } from './reading/report-reading.js';
export { beginRun, endCancelledRun } from './runs/begin-run.js';
export { holdIntegrationSchedules } from './schedules/hold-integration-schedules.js';
export {
  parkedSchedules,
  startDueSchedule,
  startDueSchedules,
  watchDueSchedules,
  type ScheduledWork,
} from './schedules/start-due-schedules.js';
