import {
  readFailingIntegrations,
  readScheduleOverdue,
  readWaitingNetworks,
  type Database,
} from '@trackly-tune/database';
import { createJobMetrics, watchReading, type JobMetrics, type Logger } from '@trackly-tune/service-runtime';
import { Gauge, type Registry } from 'prom-client';

/** Networks named in a metric: the longest waiting ones, since each name is a series of its own. */
const NETWORKS_MAX = 20;

/** The scheduled work of each worker. */
const KINDS_OF = { conversions: ['conversions', 'changes'], offers: ['offers'] } as const;

/**
 * What operators see of a worker that works on networks. What is behind is read from PostgreSQL when it is asked for;
 * while PostgreSQL is away the last values stand, and readiness says what is wrong.
 */
export function createBacklogMetrics(
  registry: Registry,
  db: Database,
  options: { kind: 'conversions' | 'offers'; overdueName: string; waitingName: string; logger: Logger },
): JobMetrics {
  const { kind, overdueName, waitingName, logger } = options;
  const registers = [registry];
  const readOverdue = watchReading({ registry, logger, name: 'overdue schedules' }, () =>
    readScheduleOverdue(db, kind),
  );
  const readNetworks = watchReading({ registry, logger, name: 'waiting networks' }, () =>
    readWaitingNetworks(db, NETWORKS_MAX, kind),
  );
  new Gauge({
    name: overdueName,
    help: `How late the most overdue schedule of ${kind} is`,
    registers,
    async collect() {
      const overdueSeconds = await readOverdue();
      if (overdueSeconds !== null) this.set(overdueSeconds);
    },
  });
  new Gauge({
    name: waitingName,
    help: 'How long the longest waiting work of a network could have been done; the longest waiting networks only',
    labelNames: ['network_id'] as const,
    registers,
    async collect() {
      const networks = await readNetworks();
      if (!networks) return;
      this.reset();
      for (const { networkId, waitingSeconds } of networks) this.set({ network_id: networkId }, waitingSeconds);
    },
  });
  const readFailing = watchReading({ registry, logger, name: 'failing integrations' }, () =>
    readFailingIntegrations(db, KINDS_OF[kind]),
  );
  new Gauge({
    name: 'trackly_integrations_failing',
    help: 'Integrations whose last two runs of a kind that is scheduled both failed, by the last error; a day where it is off',
    labelNames: ['kind', 'code'] as const,
    registers,
    async collect() {
      const failing = await readFailing();
      if (!failing) return;
      this.reset();
      for (const { kind: of, code, integrations } of failing) this.set({ kind: of, code }, integrations);
    },
  });
  return createJobMetrics(registry);
}
