import {
  logIntegration,
  relayLedger,
  settledRuns,
  succeedRun,
  type Database,
  type FinishedRun,
} from '@trackly-tune/database';

export type RunFinished = (run: FinishedRun) => void;

/**
 * Ends the runs whose conversions are all stored, settled and numbered: `succeeded` means visible in the books. What
 * was settled before the first question is numbered before the answer.
 */
export async function finishRuns(db: Database, entriesMax: number, onFinished: RunFinished): Promise<void> {
  const runIds = await settledRuns(db);
  if (runIds.length === 0) return;
  while ((await relayLedger(db, entriesMax)) === entriesMax);
  for (const runId of runIds) {
    const run = await succeedRun(db, runId);
    if (!run) continue;
    await logIntegration(db, {
      integrationId: run.integrationId,
      runId: run.runId,
      level: 'info',
      code: 'run_succeeded',
      message: `Run succeeded: ${run.fetched} conversions read, all attributed and on the books`,
      context: { kind: run.kind, fetched: run.fetched, rejected: run.rejected },
    });
    onFinished(run);
  }
}
