import type { Database, DueSlice } from '@trackly-tune/database';
import type { SyncWork } from '@trackly-tune/sync-engine';
import { TuneError } from '@trackly-tune/tune-client';
import { splitWindow } from './domain/split-window.js';
import { pullSlice } from './use-cases/pull-slice.js';
import { readChanges } from './use-cases/read-changes.js';

export interface PullWorkDeps {
  readonly db: Database;
  readonly pageRowsMax: number;
  /** A day with more pages than this is read in parts, since deep pages are slow. */
  readonly dayPagesMax?: number;
  /** Called after each commit that attribution has to look at: touched transactions, or a run's last page. */
  readonly onFacts: () => void;
}

const DAY_PAGES_MAX = 20;

const BEGINNINGS: Readonly<Record<string, string>> = {
  changes: 'Looking for conversions that changed late',
  backfill: 'Filling in conversions day by day, newest first',
};

function partsOf({ windowFrom, windowTo }: DueSlice) {
  return windowFrom === null || windowTo === null ? null : splitWindow(windowFrom, windowTo);
}

/** What a pull of conversions does with its slices: each is a window of the report, or the look for late changes. */
export function createPullWork({ db, pageRowsMax, dayPagesMax = DAY_PAGES_MAX, onFacts }: PullWorkDeps): SyncWork {
  return {
    story: 'conversions',
    name: 'pull',
    beginningOf: ({ kind, windowFrom, windowTo }) =>
      BEGINNINGS[kind] ?? `Pulling conversions of ${windowFrom ?? ''} to ${windowTo ?? ''}`,
    take(turn) {
      const looksForChanges = turn.slice.kind === 'changes' && turn.slice.windowFrom === null;
      return looksForChanges
        ? readChanges({ ...turn, db })
        : pullSlice({ ...turn, db, pageRowsMax, dayPagesMax, onFacts });
    },
    traitsOf: (slice, error) => ({
      parts: partsOf(slice),
      brokenRow: error instanceof TuneError && error.brokenRow,
      patient: slice.kind === 'backfill',
    }),
    scheduleOf: ({ kind }) => (kind === 'changes' ? 'changes' : 'conversions'),
  };
}
