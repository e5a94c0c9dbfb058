import {
  inTransaction,
  logIntegration,
  relayLedger,
  settledRuns,
  succeedRun,
  type Database,
  type FinishedRun,
  type Transaction,
} from '@trackly-tune/database';

export type RunFinished = (run: FinishedRun) => void;

async function succeed(tx: Transaction, runId: bigint): Promise<FinishedRun | null> {
  const run = await succeedRun(tx, runId);
  if (!run) return null;
  await logIntegration(tx, {
    integrationId: run.integrationId,
    runId: run.runId,
    level: 'info',
    code: 'run_succeeded',
    message:
      run.kind === 'reattribution'
        ? `Run succeeded: ${run.done} conversions decided again, all on the books`
        : `Run succeeded: ${run.fetched} conversions read, all attributed and on the books`,
    context:
      run.kind === 'reattribution'
        ? { kind: run.kind, conversions: run.done }
        : { kind: run.kind, fetched: run.fetched, rejected: run.rejected },
  });
  return run;
}

/**
 * Ends the runs whose conversions are all stored, settled and numbered: `succeeded` means visible in the books. What
 * was settled before the first question is numbered before the answer.
 */
export async function finishRuns(db: Database, entriesMax: number, onFinished: RunFinished): Promise<void> {
  const runIds = await settledRuns(db);
  if (runIds.length === 0) return;
  while ((await relayLedger(db, entriesMax)) === entriesMax);
  for (const runId of runIds) {
    const run = await inTransaction(db, (tx) => succeed(tx, runId));
    if (run) onFinished(run);
  }
}
