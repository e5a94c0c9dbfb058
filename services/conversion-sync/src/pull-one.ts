import { SLICE_PRIORITY, type Database } from '@trackly-tune/database';
import type { Queues } from '@trackly-tune/queues';
import type { SliceWork } from '@trackly-tune/sync-engine';
import type { BackgroundTurns } from './use-cases/background-turns.js';
import { pullNetwork, type PullOutcome } from './use-cases/pull-network.js';
import { createUrgentWatches } from './use-cases/watch-urgent.js';

/** Works on one network as far as its budget reaches. */
export type PullOne = (networkId: string, signal: AbortSignal) => Promise<PullOutcome>;

/** A slice gives way after this long at its next page, so that integrations of one network take turns. */
const SLICE_BUDGET_MS = 20_000;
const NETWORK_BUDGET_MS = 120_000;
const DAY_PAGES_MAX = 20;
const LOOK_FOR_URGENT_MS = 250;

export interface PullOneDeps {
  readonly db: Database;
  readonly queues: Pick<Queues, 'signal'>;
  readonly sliceWork: SliceWork;
  readonly background: BackgroundTurns;
  readonly pageRowsMax: number;
  readonly leaseMs: number;
}

/** Puts the pull of a network together with what this process has. */
export function createPullOne(deps: PullOneDeps): PullOne {
  const { queues, sliceWork, ...given } = deps;
  const urgent = createUrgentWatches();
  return (networkId, signal) =>
    pullNetwork({
      ...given,
      ...sliceWork,
      urgent,
      networkId,
      signal,
      openClient: (slice) => sliceWork.openClient(slice, slice.priority > SLICE_PRIORITY.live ? 'background' : 'live'),
      sliceBudgetMs: SLICE_BUDGET_MS,
      networkBudgetMs: NETWORK_BUDGET_MS,
      dayPagesMax: DAY_PAGES_MAX,
      lookForUrgentMs: LOOK_FOR_URGENT_MS,
      now: () => performance.now(),
      onFacts: () => void queues.signal('settle-pending', {}),
    });
}
