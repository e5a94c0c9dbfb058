import type { Logger } from '@trackly-tune/service-runtime';

export interface WaitingNetworks {
  /** One turn: wakes workers for networks with work that nobody holds, and works on those that wait in spite of it. */
  look(signal: AbortSignal): Promise<void>;
  /** Waits for what this worked on; the signal given to `look` ends it. */
  settled(): Promise<void>;
}

/**
 * The net below the queue: a network with work that nobody holds is woken, and one that still waits after
 * `directAfterMs` is worked on here, whatever became of its job. At most `networksMax` at once.
 */
export function watchWaitingNetworks(deps: {
  /** The ids of networks with due work that nobody holds. */
  find: () => Promise<readonly string[]>;
  wake: (networkId: string) => Promise<unknown>;
  work: (networkId: string, signal: AbortSignal) => Promise<unknown>;
  directAfterMs: number;
  networksMax: number;
  /** Milliseconds of a clock that never goes back. */
  now: () => number;
  logger: Logger;
}): WaitingNetworks {
  const { find, wake, work, directAfterMs, networksMax, now, logger } = deps;
  const since = new Map<string, number>();
  const working = new Map<string, Promise<unknown>>();

  function workOn(networkId: string, signal: AbortSignal): void {
    const done = work(networkId, signal)
      .catch((error: unknown) =>
        logger.warn({ network_id: networkId, err: error }, 'a waiting network was not worked on'),
      )
      .finally(() => working.delete(networkId));
    working.set(networkId, done);
  }

  return {
    async look(signal) {
      const waiting = new Set(await find());
      for (const networkId of since.keys()) if (!waiting.has(networkId)) since.delete(networkId);
      for (const networkId of waiting) {
        const first = since.get(networkId);
        if (first === undefined) {
          since.set(networkId, now());
          await wake(networkId).catch((error: unknown) =>
            logger.error({ network_id: networkId, err: error }, 'a waiting network could not be woken'),
          );
        } else if (now() - first >= directAfterMs && working.size < networksMax && !working.has(networkId)) {
          since.delete(networkId);
          workOn(networkId, signal);
        }
      }
    },
    settled: async () => void (await Promise.allSettled(working.values())),
  };
}
