import { networksWithWork, SLICE_PRIORITY, type Database } from '@trackly-tune/database';
import type { SyncWork } from '../sync-work.js';
import type { BackgroundTurns } from './background-turns.js';

/**
 * Networks with work that nobody holds. Those that have only a backfill come last and as far as there are turns for
 * them, the longest waiting first.
 */
export function findWaitingNetworks(deps: {
  db: Database;
  story: SyncWork['story'];
  background: Pick<BackgroundTurns, 'free'>;
}): () => Promise<string[]> {
  return async () => {
    const found = await networksWithWork(deps.db, `${deps.story}:`);
    const isLive = ({ priority }: { priority: number }): boolean => priority < SLICE_PRIORITY.backfill;
    const backfills = found.filter((network) => !isLive(network)).slice(0, deps.background.free());
    return [...found.filter(isLive), ...backfills].map(({ networkId }) => networkId);
  };
}
