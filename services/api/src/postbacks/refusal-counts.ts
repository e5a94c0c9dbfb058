import { addPostbackCounts, forgetPostbackCounts, type Database, type PostbackCount } from '@trackly-tune/database';
import type { FastifyBaseLogger } from 'fastify';

export interface RefusalCounts {
  /** Counts one delivery of this minute. Returns at once. */
  add(offerId: bigint | null, code: string): void;
  /** Writes what was counted; what cannot be written is kept for the next time. */
  flush(): Promise<void>;
  /** Stops the timer and writes the rest, as far as PostgreSQL is there. */
  close(): Promise<void>;
}

const FLUSH_EVERY_MS = 5_000;
const FORGET_EVERY_MS = 3_600_000;
const KEPT_DAYS = 30;
/** Beyond these, counts of this process and flush go together under no offer. */
const KEYS_MAX = 5_000;
const MINUTE_MS = 60_000;

/**
 * Deliveries that nothing is kept of: an attack costs one row per offer, code and minute, and one statement every few
 * seconds.
 */
export function createRefusalCounts(db: Database, nowMs: () => number, log: FastifyBaseLogger): RefusalCounts {
  let counts = new Map<string, PostbackCount>();
  let forgottenAtMs = nowMs();

  function put(into: Map<string, PostbackCount>, one: PostbackCount): void {
    const key = `${one.offerId ?? ''}|${one.code}|${one.minute.getTime()}`;
    const before = into.get(key);
    if (before === undefined && into.size >= KEYS_MAX && one.offerId !== null) put(into, { ...one, offerId: null });
    else into.set(key, { ...one, count: (before?.count ?? 0) + one.count });
  }

  async function flush(): Promise<void> {
    const written = counts;
    counts = new Map();
    try {
      await addPostbackCounts(db, [...written.values()]);
      if (nowMs() - forgottenAtMs < FORGET_EVERY_MS) return;
      forgottenAtMs = nowMs();
      await forgetPostbackCounts(db, KEPT_DAYS);
    } catch (error) {
      for (const one of written.values()) put(counts, one);
      log.warn({ err: error }, 'counts of refused postbacks could not be written yet');
    }
  }

  const timer = setInterval(() => void flush(), FLUSH_EVERY_MS);
  timer.unref();
  return {
    add(offerId, code) {
      const nowInMs = nowMs();
      put(counts, { offerId, code, minute: new Date(nowInMs - (nowInMs % MINUTE_MS)), count: 1 });
    },
    flush,
    async close() {
      clearInterval(timer);
      await flush();
    },
  };
}
