import { hostname } from 'node:os';
import { SLICE_PRIORITY, type Database, type DueSlice } from '@trackly-tune/database';
import type { Queues } from '@trackly-tune/queues';
import { tokenContext, type KeyRing, type Logger } from '@trackly-tune/service-runtime';
import type { TuneClients } from '@trackly-tune/tune-client';
import type { PullMetrics } from './metrics.js';
import type { BackgroundTurns } from './use-cases/background-turns.js';
import { pullNetwork, type PullOutcome } from './use-cases/pull-network.js';

/** Works on one network as far as its budget reaches. */
export type PullOne = (networkId: string, signal: AbortSignal) => Promise<PullOutcome>;

/** A slice gives way after this long at its next page, so that integrations of one network take turns. */
const SLICE_BUDGET_MS = 20_000;
const NETWORK_BUDGET_MS = 120_000;
const DAY_PAGES_MAX = 20;
const LOOK_FOR_URGENT_MS = 500;

export interface PullOneDeps {
  readonly db: Database;
  readonly queues: Pick<Queues, 'signal'>;
  readonly clients: Pick<TuneClients, 'open'>;
  readonly keyRing: KeyRing;
  readonly background: BackgroundTurns;
  readonly pageRowsMax: number;
  readonly leaseMs: number;
  readonly pid: number;
  readonly logger: Logger;
  readonly metrics: Pick<PullMetrics, 'runEnded'>;
}

/** Puts the pull of a network together with what this process has. A token is unsealed for the call only. */
export function createPullOne(deps: PullOneDeps): PullOne {
  const { db, queues, clients, keyRing, background, pageRowsMax, leaseMs, pid, logger, metrics } = deps;
  const openClient = (slice: DueSlice) =>
    clients.open({
      networkId: slice.networkId,
      networkToken: keyRing.open(slice.networkTokenSealed, tokenContext(slice.integrationId)),
      lane: slice.priority > SLICE_PRIORITY.live ? 'background' : 'live',
    });
  const linesOf = (slice: DueSlice) => ({
    network_id: slice.networkId,
    integration_id: String(slice.integrationId),
    run_id: String(slice.runId),
  });
  return (networkId, signal) =>
    pullNetwork({
      db,
      networkId,
      holder: `${hostname()}/${pid}`,
      signal,
      openClient,
      leaseMs,
      pageRowsMax,
      sliceBudgetMs: SLICE_BUDGET_MS,
      networkBudgetMs: NETWORK_BUDGET_MS,
      dayPagesMax: DAY_PAGES_MAX,
      lookForUrgentMs: LOOK_FOR_URGENT_MS,
      background,
      now: () => performance.now(),
      onFacts: () => void queues.signal('settle-pending', {}),
      onRunEnded(slice, end, code) {
        metrics.runEnded(slice.kind, end);
        logger.info({ ...linesOf(slice), kind: slice.kind, code }, `run ${end}`);
      },
      onUnexpected: (error, slice) => logger.error({ ...linesOf(slice), err: error }, 'a pull failed unexpectedly'),
    });
}
