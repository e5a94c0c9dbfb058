import {
  countRejected,
  endSettledRun,
  failRun,
  inTransaction,
  logIntegration,
  settledRuns,
  type Database,
  type FinishedRun,
  type IntegrationLogLine,
  type ParkedItem,
  type ParkedWait,
  type Tx,
} from '@trackly-tune/database';
import type { ParkableWork } from '@trackly-tune/service-stores';
import { describeSuccess } from '../domain/describe-end.js';

export type RunEnded = (run: FinishedRun) => void;

const RUNS_MAX = 100;
/** A run that cannot be ended as it should, or cannot go on, fails after so many tries: a quarter of an hour. */
const FAILURES_MAX = 5;

/** How a run ended, in the words and under the code of the log. */
function describeEnd(run: FinishedRun): Pick<IntegrationLogLine, 'level' | 'code' | 'message'> {
  if (run.parked > 0) {
    const message = `${run.parked} transactions could not be settled or numbered; they are parked and tried again by themselves`;
    return { level: 'warn', code: 'transactions_parked', message };
  }
  if (run.short !== null) return { level: 'error', ...run.short };
  return { level: 'info', code: 'run_succeeded', message: describeSuccess(run) };
}

/** What the log says of rows that could not be read; nothing where there were none. */
async function linesOfRejected(tx: Tx, run: FinishedRun): Promise<IntegrationLogLine[]> {
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

async function end(tx: Tx, runId: bigint, wait: ParkedWait): Promise<FinishedRun | null> {
  const run = await endSettledRun(tx, runId, wait);
  if (!run) return null;
  await logIntegration(tx, ...(await linesOfRejected(tx, run)), {
    integrationId: run.integrationId,
    runId: run.runId,
    ...describeEnd(run),
    context: {
      ...(run.kind === 'reattribution'
        ? { kind: run.kind, conversions: run.done }
        : { kind: run.kind, fetched: run.fetched, rejected: run.rejected }),
      ...(run.parked > 0 ? { parked: run.parked } : {}),
    },
  });
  return run;
}

/** Fails a run that has failed to end, or to go on, too often: it must not look as if it ran for ever. */
export async function giveUpRun(db: Database, { id, integrationId, failures }: ParkedItem): Promise<boolean> {
  if (failures < FAILURES_MAX || integrationId === null) return false;
  return inTransaction(db, async (tx) => {
    const message = 'The run cannot go on; what it stored stays. Report its id';
    if (await failRun(tx, id, { code: 'internal_error', message })) {
      await logIntegration(tx, { integrationId, runId: id, level: 'error', code: 'internal_error', message });
    }
    return true;
  });
}

/**
 * Ends the runs whose conversions are all stored, settled and numbered: `succeeded` means visible in the books. What
 * was settled before the first question is numbered (`relay`) before the answer.
 */
export function finishRuns(
  options: ParkedWait & { db: Database; relay: () => Promise<unknown>; onRunEnded: RunEnded },
): ParkableWork<void> {
  const { db, relay, onRunEnded } = options;
  const next = () => settledRuns(db, options, RUNS_MAX);
  return {
    kind: 'finished_run',
    next,
    async work(only) {
      const runIds = only ?? (await next()).map(({ id }) => id);
      if (runIds.length === 0) return;
      await relay();
      for (const runId of runIds) {
        const run = await inTransaction(db, (tx) => end(tx, runId, options));
        if (run) onRunEnded(run);
      }
    },
    giveUp: (item) => giveUpRun(db, item),
  };
}
