import type { FastifyInstance } from 'fastify';
import type { ApiPorts } from '../../ports.js';
import { cancelSyncRun } from './cancel-sync-run.js';
import { getSyncRun } from './get-sync-run.js';
import { listLogs } from './list-logs.js';
import { listRejectedRowsRoute } from './list-rejected-rows.js';
import { listSyncRuns } from './list-sync-runs.js';
import { pauseSyncRun } from './pause-sync-run.js';
import { postBackfill } from './post-backfill.js';
import { postConversionSync } from './post-conversion-sync.js';

/** Registers the routes of sync runs of the integration log, and of rows that could not be read. Paths are whole: register without a prefix. */
export async function registerSyncs(app: FastifyInstance, ports: ApiPorts): Promise<void> {
  for (const route of [postConversionSync, postBackfill, getSyncRun, listSyncRuns, cancelSyncRun, listLogs]) {
    await app.register(route(ports));
  }
  await app.register(listRejectedRowsRoute(ports));
  await app.register(pauseSyncRun(ports, 'pause'));
  await app.register(pauseSyncRun(ports, 'resume'));
}
