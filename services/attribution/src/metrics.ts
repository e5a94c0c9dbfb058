import {
  readDueBacklog,
  readMarkBacklog,
  readPostbackBacklog,
  readRelayBacklog,
  readUnattributed,
  type Backlog,
  type Database,
} from '@trackly-tune/database';
import { createJobMetrics, watchReading, type JobMetrics, type Logger } from '@trackly-tune/service-runtime';
import { Counter, Gauge, type Registry } from 'prom-client';
import type { Drained } from './use-cases/drain.js';

export interface SettleMetrics {
  readonly observeJob: JobMetrics['observeJob'];
  drained(done: Drained): void;
  runEnded: JobMetrics['runEnded'];
  rowsRejected(kind: string, rows: number): void;
}

const CURRENCIES_MAX = 50;

type Reading = 'due' | 'marks' | 'postbacks' | 'relay';

const READINGS: Readonly<Record<Reading, (db: Database) => Promise<Backlog>>> = {
  due: readDueBacklog,
  marks: readMarkBacklog,
  postbacks: readPostbackBacklog,
  relay: readRelayBacklog,
};

const GAUGES: readonly [name: string, help: string, reading: Reading, value: keyof Backlog][] = [
  ['trackly_transactions_due', 'Transactions that wait to be settled', 'due', 'count'],
  ['trackly_transactions_oldest_due_seconds', 'Age of the oldest due one', 'due', 'oldestSeconds'],
  ['trackly_late_facts_pending', 'Late clicks and messages not looked at yet', 'marks', 'count'],
  ['trackly_late_facts_oldest_waiting_seconds', 'Age of the oldest of those', 'marks', 'oldestSeconds'],
  ['trackly_ledger_unnumbered', 'Ledger entries without a number', 'relay', 'count'],
  ['trackly_ledger_relay_lag_seconds', 'Age of the oldest of those', 'relay', 'oldestSeconds'],
  [
    'trackly_postbacks_oldest_waiting_seconds',
    'Age of the oldest postback that is not in the books yet',
    'postbacks',
    'oldestSeconds',
  ],
];

/** What operators see of this worker. What is behind is read from PostgreSQL when it is asked for. */
export function createSettleMetrics(registry: Registry, db: Database, logger: Logger): SettleMetrics {
  const registers = [registry];
  const jobMetrics = createJobMetrics(registry);
  const work = new Counter({
    name: 'trackly_settled_total',
    help: 'What was drained: marks of late facts, transactions, decisions, ledger entries',
    labelNames: ['what'] as const,
    registers,
  });
  const rejected = new Counter({
    name: 'trackly_rows_rejected_total',
    help: 'Rows of reports that runs which ended here could not read',
    labelNames: ['kind'] as const,
    registers,
  });
  const readings = new Map(
    Object.entries(READINGS).map(([name, read]) => [name, watchReading({ registry, logger, name }, () => read(db))]),
  );
  const readAmounts = watchReading({ registry, logger, name: 'unattributed amounts' }, () =>
    readUnattributed(db, CURRENCIES_MAX),
  );
  for (const [name, help, reading, value] of GAUGES) {
    new Gauge({
      name,
      help,
      registers,
      async collect() {
        const backlog = await readings.get(reading)?.();
        if (backlog) this.set(backlog[value]);
      },
    });
  }
  new Gauge({
    name: 'trackly_unattributed_amount',
    help: 'Money that no decision has placed yet',
    labelNames: ['currency'] as const,
    registers,
    async collect() {
      const amounts = await readAmounts();
      if (!amounts) return;
      this.reset();
      for (const { currency, amountE5 } of amounts) this.set({ currency }, Number(amountE5) / 100_000);
    },
  });
  return {
    observeJob: jobMetrics.observeJob,
    drained(done) {
      for (const what of ['marks', 'transactions', 'decisions', 'entries'] as const) work.inc({ what }, done[what]);
    },
    runEnded: jobMetrics.runEnded,
    rowsRejected: (kind, rows) => rejected.inc({ kind }, rows),
  };
}
