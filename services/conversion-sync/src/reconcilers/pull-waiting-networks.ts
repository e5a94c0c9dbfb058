import { networksWithWork, SLICE_PRIORITY, type Database } from '@trackly-tune/database';
import type { Queues } from '@trackly-tune/queues';
import type { Logger } from '@trackly-tune/service-runtime';
import type { PullOne } from '../pull-one.js';
import type { BackgroundTurns } from '../use-cases/background-turns.js';

export interface WaitingNetworks {
  /** One turn: signals networks with work that nobody holds, and works on those that wait in spite of it. */
  look(signal: AbortSignal): Promise<void>;
  /** Waits for what this worked on; the signal given to `look` ends it. */
  settled(): Promise<void>;
}

/**
 * The net below the queue: a network with work that nobody holds is signalled, and one that still waits after
 * `directAfterMs` is worked on here, whatever became of its job. At most `networksMax` at once. Networks that have only
 * a backfill are looked at as far as there are turns for them, the longest waiting first.
 */
export function pullWaitingNetworks(deps: {
  db: Database;
  queues: Pick<Queues, 'signal'>;
  pull: PullOne;
  background: Pick<BackgroundTurns, 'free'>;
  directAfterMs: number;
  networksMax: number;
  now: () => number;
  logger: Logger;
}): WaitingNetworks {
  const { db, queues, pull, background, directAfterMs, networksMax, now, logger } = deps;
  const since = new Map<string, number>();
  const working = new Map<string, Promise<void>>();

  function workOn(networkId: string, signal: AbortSignal): void {
    const work = pull(networkId, signal)
      .then(() => undefined)
      .catch((error: unknown) => logger.warn({ network_id: networkId, err: error }, 'a waiting network was not pulled'))
      .finally(() => working.delete(networkId));
    working.set(networkId, work);
  }

  return {
    async look(signal) {
      const found = await networksWithWork(db, 'conversions:');
      const isLive = ({ priority }: { priority: number }): boolean => priority < SLICE_PRIORITY.backfill;
      const backfills = found.filter((network) => !isLive(network)).slice(0, background.free());
      const waiting = new Set([...found.filter(isLive), ...backfills].map(({ networkId }) => networkId));
      for (const networkId of since.keys()) if (!waiting.has(networkId)) since.delete(networkId);
      for (const networkId of waiting) {
        const first = since.get(networkId);
        if (first === undefined) {
          since.set(networkId, now());
          await queues.signal('pull-network', { networkId });
        } else if (now() - first >= directAfterMs && working.size < networksMax && !working.has(networkId)) {
          since.delete(networkId);
          workOn(networkId, signal);
        }
      }
    },
    settled: async () => void (await Promise.allSettled(working.values())),
  };
}
