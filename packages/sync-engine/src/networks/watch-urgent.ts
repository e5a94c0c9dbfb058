import { hasUrgentSlice, type Database, type DueSlice } from '@trackly-tune/database';

export interface UrgentWatch {
  /** Aborts when live work of the network waits: the page under way is given up. */
  readonly signal: AbortSignal;
  stop(): void;
}

/** Watches over the pages of the background that are under way in this process. */
export interface UrgentWatches {
  /**
   * Looks for live work of the slice's network until it is stopped: every `everyMs`, for what other processes were told
   * of, and whenever `look` is called. A page whose answer is there already is stored all the same; one that is still
   * asked for, or waits for its turn in the rate budget, is given up and asked for again later.
   */
  watch(db: Database, slice: DueSlice, everyMs: number): UrgentWatch;
  /** Looks now: this process was told of work, and the network is held. */
  look(networkId: string): void;
}

export function createUrgentWatches(): UrgentWatches {
  const looks = new Map<string, () => void>();
  return {
    look: (networkId) => looks.get(networkId)?.(),
    watch(db, slice, everyMs) {
      const controller = new AbortController();
      let looking = false;
      async function lookOnce(): Promise<void> {
        if (looking || controller.signal.aborted) return;
        looking = true;
        // A database that is away for a moment says nothing; the page's own transaction will.
        if (await hasUrgentSlice(db, slice).catch(() => false)) controller.abort(new Error('Live work goes first'));
        looking = false;
      }
      const look = (): void => void lookOnce();
      const timer = setInterval(look, everyMs);
      looks.set(slice.networkId, look);
      return {
        signal: controller.signal,
        stop() {
          clearInterval(timer);
          if (looks.get(slice.networkId) === look) looks.delete(slice.networkId);
        },
      };
    },
  };
}
