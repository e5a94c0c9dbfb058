import {
  countRejected,
  inTransaction,
  logIntegration,
  relayLedger,
  settledRuns,
  succeedRun,
  type Database,
  type FinishedRun,
  type IntegrationLogLine,
  type Transaction,
} from '@trackly-tune/database';
import { describeSuccess } from '../domain/describe-end.js';

export type RunFinished = (run: FinishedRun) => void;

/** What the log says of rows that could not be read; nothing where there were none. */
async function linesOfRejected(tx: Transaction, run: FinishedRun): Promise<IntegrationLogLine[]> {
  if (run.rejected === 0) return [];
  const reasons = await countRejected(tx, run.runId);
  const counted = Object.entries(reasons).map(([reason, rows]) => `${rows} ${reason}`);
  return [
    {
      ...{ integrationId: run.integrationId, runId: run.runId, level: 'warn', code: 'rows_rejected' },
      message: `${run.rejected} of ${run.fetched} rows could not be read: ${counted.join(', ')}`,
      context: { fetched: run.fetched, rejected: run.rejected, reasons },
    },
  ];
}

async function end(tx: Transaction, runId: bigint): Promise<FinishedRun | null> {
  const run = await succeedRun(tx, runId);
  if (!run) return null;
  const { short } = run;
  await logIntegration(tx, ...(await linesOfRejected(tx, run)), {
    integrationId: run.integrationId,
    runId: run.runId,
    level: short ? 'error' : 'info',
    code: short ? short.code : 'run_succeeded',
    message: short ? short.message : describeSuccess(run),
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
    const run = await inTransaction(db, (tx) => end(tx, runId));
    if (run) onFinished(run);
  }
}
