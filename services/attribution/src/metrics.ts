import { readSettleBacklog, type Database, type SettleBacklog } from '@trackly-tune/database';
import { createJobMetrics, shareReading, type JobMetrics } from '@trackly-tune/service-runtime';
import { Counter, Gauge, type Registry } from 'prom-client';
import type { WorkedOff } from './use-cases/work-off.js';

export interface SettleMetrics {
  readonly observeJob: JobMetrics['observeJob'];
  workedOff(done: WorkedOff): void;
  putAside(): void;
  runEnded: JobMetrics['runEnded'];
  rowsRejected(kind: string, rows: number): void;
}

const CURRENCIES_MAX = 50;

const GAUGES: readonly [name: string, help: string, value: (backlog: SettleBacklog) => number][] = [
  ['trackly_transactions_due', 'Transactions that wait to be settled', (backlog) => backlog.transactionsDue],
  ['trackly_transactions_oldest_due_seconds', 'Age of the oldest due one', (backlog) => backlog.oldestDueSeconds],
  ['trackly_transactions_put_aside', 'Due transactions that failed before', (backlog) => backlog.putAside],
  ['trackly_late_facts_pending', 'Late clicks and messages not looked at yet', (backlog) => backlog.marks],
  ['trackly_ledger_unnumbered', 'Ledger entries without a number', (backlog) => backlog.entriesUnnumbered],
  [
    'trackly_postbacks_oldest_waiting_seconds',
    'Age of the oldest postback that is not in the books yet',
    (backlog) => backlog.oldestPostbackSeconds,
  ],
  ['trackly_ledger_relay_lag_seconds', 'Age of the oldest of those', (backlog) => backlog.relayLagSeconds],
];

/** What operators see of this worker. What is behind is read from PostgreSQL when it is asked for. */
export function createSettleMetrics(registry: Registry, db: Database): SettleMetrics {
  const registers = [registry];
  const jobMetrics = createJobMetrics(registry);
  const work = new Counter({
    name: 'trackly_settled_total',
    help: 'What was worked off: marks of late facts, transactions, decisions, ledger entries',
    labelNames: ['what'] as const,
    registers,
  });
  const failures = new Counter({
    name: 'trackly_transactions_failed_total',
    help: 'Transactions put aside because they could not be settled',
    registers,
  });
  const rejected = new Counter({
    name: 'trackly_rows_rejected_total',
    help: 'Rows of reports that runs which ended here could not read',
    labelNames: ['kind'] as const,
    registers,
  });
  const readBacklog = shareReading(() => readSettleBacklog(db, CURRENCIES_MAX));
  for (const [name, help, value] of GAUGES) {
    new Gauge({
      name,
      help,
      registers,
      async collect() {
        const backlog = await readBacklog();
        if (backlog) this.set(value(backlog));
      },
    });
  }
  new Gauge({
    name: 'trackly_unattributed_amount',
    help: 'Money that no decision has placed yet',
    labelNames: ['currency'] as const,
    registers,
    async collect() {
      const backlog = await readBacklog();
      if (!backlog) return;
      this.reset();
      for (const { currency, amountE5 } of backlog.unattributed) this.set({ currency }, Number(amountE5) / 100_000);
    },
  });
  return {
    observeJob: jobMetrics.observeJob,
    workedOff(done) {
      for (const what of ['marks', 'transactions', 'decisions', 'entries'] as const) work.inc({ what }, done[what]);
    },
    putAside: () => failures.inc(),
    runEnded: jobMetrics.runEnded,
    rowsRejected: (kind, rows) => rejected.inc({ kind }, rows),
  };
}
