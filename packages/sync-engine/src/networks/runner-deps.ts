import type { Database } from '@trackly-tune/database';
import type { SyncWork } from '../sync-work.js';
import type { BackgroundTurns } from './background-turns.js';
import type { SliceHost } from './slice-host.js';
import type { UrgentWatches } from './watch-urgent.js';

export interface RunnerTimes {
  /** A slice yields after this long at its next page, so that integrations of one network take turns. */
  readonly sliceBudgetMs: number;
  /** After this long the worker lets go of the network; the caller wakes it again when work is left. */
  readonly networkBudgetMs: number;
  /** How often a page of the background looks for live work that only another process was told of. */
  readonly lookForUrgentMs: number;
  /** Before what may pass is tried again; five times as long before the third time. */
  readonly retryAfterMs: number;
}

export interface NetworkRunnerDeps extends RunnerTimes {
  readonly db: Database;
  readonly work: SyncWork;
  readonly host: SliceHost;
  /** Backfills of this process take turns, so that they never fill the places that live work needs. */
  readonly background: BackgroundTurns;
  /** Pages of the background that are under way in this process, which live work interrupts. */
  readonly urgent: UrgentWatches;
  readonly leaseMs: number;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
}
