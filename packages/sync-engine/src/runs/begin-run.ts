import {
  cancelRun,
  inTransaction,
  logIntegration,
  startRun,
  type Database,
  type DueSlice,
} from '@trackly-tune/database';

type RunOfSlice = Pick<DueSlice, 'runId' | 'integrationId'>;

/** Ends a run as cancelled and says so in the integration's log. False when it had ended before. */
export async function endCancelledRun(db: Database, { runId, integrationId }: RunOfSlice): Promise<boolean> {
  return inTransaction(db, async (tx) => {
    if (!(await cancelRun(tx, runId))) return false;
    await logIntegration(tx, {
      integrationId,
      runId,
      level: 'info',
      code: 'run_cancelled',
      message: 'The run was cancelled; what was stored stays',
    });
    return true;
  });
}

/**
 * Says that work on a run begins or goes on here; its first time stands in the integration's log with `message`. False
 * when the run ended in the meantime.
 */
export async function beginRun(db: Database, { runId, integrationId }: RunOfSlice, message: string): Promise<boolean> {
  return inTransaction(db, async (tx) => {
    const started = await startRun(tx, runId);
    if (started === 'started') {
      await logIntegration(tx, { integrationId, runId, level: 'info', code: 'run_started', message });
    }
    return started !== null;
  });
}
