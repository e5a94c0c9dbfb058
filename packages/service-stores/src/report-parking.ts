import { countParked, PARKED_KINDS, type Database, type ParkedItem } from '@trackly-tune/database';
import { toPublicId } from '@trackly-tune/domain';
import { watchReading, type Logger } from '@trackly-tune/service-runtime';
import { Counter, Gauge, type Registry } from 'prom-client';
import type { ParkingReport } from './parking.js';

/**
 * Logs and counts work that fails alone. How much is parked is read from PostgreSQL when the metric is asked for.
 */
export function reportParking(deps: { registry: Registry; db: Database; logger: Logger }): ParkingReport {
  const { registry, db, logger } = deps;
  const registers = [registry];
  const batches = new Counter({
    name: 'trackly_batches_failed_total',
    help: 'Sets that failed as a whole and were tried in parts, by the kind of their items',
    labelNames: ['kind'] as const,
    registers,
  });
  const failures = new Counter({
    name: 'trackly_parked_failures_total',
    help: 'How often an item failed alone and was parked, or parked again',
    labelNames: ['kind'] as const,
    registers,
  });
  for (const kind of PARKED_KINDS) {
    batches.inc({ kind }, 0);
    failures.inc({ kind }, 0);
  }
  const read = watchReading({ registry, logger, name: 'parked' }, () => countParked(db));
  new Gauge({
    name: 'trackly_parked_items',
    help: 'What is parked now, by kind; every worker tells the same',
    labelNames: ['kind'] as const,
    registers,
    async collect() {
      const counts = await read();
      if (!counts) return;
      this.reset();
      for (const kind of PARKED_KINDS) this.set({ kind }, 0);
      for (const { kind, count } of counts) this.set({ kind }, count);
    },
  });
  const linesOf = ({ kind, id, accountId, integrationId, failures }: ParkedItem) => ({
    kind,
    item_id: String(id),
    account_id: accountId,
    integration_id: integrationId === null ? null : toPublicId('integration', integrationId),
    failures,
  });
  return {
    batchFailed(kind, error) {
      batches.inc({ kind });
      logger.error({ kind, err: error }, 'a batch failed; its items are tried in smaller parts');
    },
    parked(item, error) {
      failures.inc({ kind: item.kind });
      logger.error({ ...linesOf(item), err: error }, 'an item was parked');
    },
    unparked: (item) => logger.info(linesOf(item), 'a parked item went through'),
  };
}
