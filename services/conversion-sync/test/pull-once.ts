import type { Database } from '@trackly-tune/database';
import {
  createBackgroundTurns,
  createNetworkRunner,
  createUrgentWatches,
  type NetworkOutcome,
  type NetworkRunnerDeps,
} from '@trackly-tune/sync-engine';
import { createPullWork, type PullWorkDeps } from '../src/pull-work.js';

type Host = NetworkRunnerDeps['host'];

/** Everything about a pull that a test may want otherwise. */
export interface PullOptions
  extends Omit<Host, 'openClient'>, Omit<NetworkRunnerDeps, 'host' | 'work' | 'db'>, PullWorkDeps {
  readonly openClient: (slice: Parameters<Host['openClient']>[0]) => ReturnType<Host['openClient']>;
  readonly signal: AbortSignal;
}

/** Pulls a network once, as the job does; whatever nobody foresaw is thrown. */
export function pullOnce(
  db: Database,
  networkId: string,
  options: Pick<PullOptions, 'openClient' | 'pageRowsMax'> & Partial<PullOptions>,
): Promise<NetworkOutcome> {
  const { openClient, pageRowsMax, dayPagesMax = 20, onFacts = () => undefined, signal, ...changes } = options;
  const run = createNetworkRunner({
    db,
    work: createPullWork({ db, pageRowsMax, dayPagesMax, onFacts }),
    host: {
      holder: changes.holder ?? 'test',
      openClient,
      onRunEnded: changes.onRunEnded ?? (() => undefined),
      onUnexpected:
        changes.onUnexpected ??
        ((error) => {
          throw error;
        }),
    },
    background: changes.background ?? createBackgroundTurns(1),
    urgent: changes.urgent ?? createUrgentWatches(),
    leaseMs: changes.leaseMs ?? 30_000,
    sliceBudgetMs: changes.sliceBudgetMs ?? 60_000,
    networkBudgetMs: changes.networkBudgetMs ?? 60_000,
    retryAfterMs: 3_000,
    lookForUrgentMs: changes.lookForUrgentMs ?? 500,
    now: () => performance.now(),
  });
  return run(networkId, signal ?? new AbortController().signal);
}
