import type { Size } from '../benchmark.js';
import type { BenchStores } from './bench-stores.js';
import { openWorld, type World } from './open-world.js';

/** Nobody waits in order to see that it works. */
const SMOKE = { RETRY_AFTER_MS: '200', DIRECT_AFTER_MS: '500' };

export interface WorldSource {
  /** A world that does nothing yet, on an empty database that is dropped when it stops. */
  open(options?: { rateLimit?: string }): Promise<World>;
  close(): Promise<void>;
}

/**
 * Where benchmarks get their worlds from: one each, so that none measures what another left behind. At the smallest
 * size, where figures mean nothing, all of them share one, since starting it takes longer than they do.
 */
export function createWorldSource(options: {
  size: Size;
  stores: BenchStores;
  say: (line: string) => void;
  signal: AbortSignal;
}): WorldSource {
  const { size, stores } = options;
  let common: Promise<World> | null = null;
  return {
    async open(wanted = {}) {
      if (size === 'smoke')
        return { ...(await (common ??= openWorld({ ...options, settings: SMOKE }))), stop: async () => undefined };
      const world = await openWorld({ ...options, ...wanted });
      return {
        ...world,
        async stop() {
          await world.stop();
          await stores.dropDatabase(world.databaseName);
        },
      };
    },
    async close() {
      await (await common)?.stop();
    },
  };
}
