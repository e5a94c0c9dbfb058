import type { Route } from '../../ports.js';
import { cancelSyncRun } from './cancel-sync-run.js';
import { getSyncRun } from './get-sync-run.js';
import { listLogs } from './list-logs.js';
import { listRejectedRowsRoute } from './list-rejected-rows.js';
import { listSyncRuns } from './list-sync-runs.js';
import { pauseSyncRun, resumeSyncRun } from './pause-sync-run.js';
import { postBackfill } from './post-backfill.js';
import { postConversionSync } from './post-conversion-sync.js';

export const syncRoutes: readonly Route[] = [
  postConversionSync,
  postBackfill,
  getSyncRun,
  listSyncRuns,
  cancelSyncRun,
  pauseSyncRun,
  resumeSyncRun,
  listLogs,
  listRejectedRowsRoute,
];
