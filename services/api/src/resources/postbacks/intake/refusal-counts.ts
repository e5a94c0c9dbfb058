import {
  addPostbackCounts,
  forgetMinutes,
  forgettableMinutes,
  type Database,
  type PostbackCount,
} from '@trackly-tune/database';
import { toPublicId } from '@trackly-tune/domain';
import { isEverybodys, isolate } from '@trackly-tune/service-stores';
import type { FastifyBaseLogger } from 'fastify';

export interface RefusalCounts {
  /** Counts one delivery of this minute. Returns at once. */
  add(offerId: bigint | null, code: string): void;
  /** Writes what was counted; what cannot be written is kept for the next time. */
  flush(): Promise<void>;
  /** Once an hour: forgets old counts, and tries again what could not be written. */
  forget(): Promise<void>;
  /** Stops the timer and writes the rest, as far as PostgreSQL is there. */
  close(): Promise<void>;
}

const FLUSH_EVERY_MS = 5_000;
const FORGET_EVERY_MS = 3_600_000;
const KEPT_DAYS = 30;
/** Beyond these, counts of this process and flush go together under no offer. */
const KEYS_MAX = 5_000;
const MINUTE_MS = 60_000;
/** Forgotten per clean-up at most: two weeks of minutes, far more than an hour brings. */
const MINUTES_MAX = 20_000;

/**
 * Deliveries that nothing is kept of: an attack costs one row per offer, code and minute, and one statement every few
 * seconds.
 */
export function createRefusalCounts(db: Database, nowMs: () => number, log: FastifyBaseLogger): RefusalCounts {
  let counts = new Map<string, PostbackCount>();
  /** What could not be written although its neighbours could: tried again with the next clean-up. */
  let parked: PostbackCount[] = [];
  let forgottenAtMs = nowMs();

  function put(into: Map<string, PostbackCount>, one: PostbackCount): void {
    const key = `${one.offerId ?? ''}|${one.code}|${one.minute.getTime()}`;
    const before = into.get(key);
    if (before === undefined && into.size >= KEYS_MAX && one.offerId !== null) put(into, { ...one, offerId: null });
    else into.set(key, { ...one, count: (before?.count ?? 0) + one.count });
  }

  async function flush(): Promise<void> {
    const unwritten = new Set(counts.values());
    counts = new Map();
    try {
      await isolate([...unwritten], {
        isEverybodys,
        async work(some) {
          await addPostbackCounts(db, some);
          for (const one of some) unwritten.delete(one);
        },
        onFailed(one, error) {
          unwritten.delete(one);
          // Beyond the bound nothing is kept but the line of the log.
          if (parked.length < KEYS_MAX) parked.push(one);
          const { offerId, code, minute, count } = one;
          const offer_id = offerId === null ? null : toPublicId('offer', offerId);
          log.error({ offer_id, code, minute, count, err: error }, 'a count of postbacks was parked');
        },
      });
    } catch (error) {
      for (const one of unwritten) put(counts, one);
      log.warn({ err: error }, 'counts of refused postbacks could not be written yet');
    }
  }

  async function forget(): Promise<void> {
    if (nowMs() - forgottenAtMs < FORGET_EVERY_MS) return;
    forgottenAtMs = nowMs();
    for (const one of parked) put(counts, one);
    parked = [];
    try {
      // Minute by minute only where one cannot be forgotten.
      const minutes = await forgettableMinutes(db, KEPT_DAYS, MINUTES_MAX);
      await isolate(minutes, {
        isEverybodys,
        work: (some) => forgetMinutes(db, some),
        onFailed: (minute, error) => log.error({ minute, err: error }, 'counts of postbacks could not be forgotten'),
      });
    } catch (error) {
      log.warn({ err: error }, 'counts of refused postbacks could not be forgotten yet');
    }
  }

  const timer = setInterval(() => void flush().then(forget), FLUSH_EVERY_MS);
  timer.unref();
  return {
    add(offerId, code) {
      const nowInMs = nowMs();
      put(counts, { offerId, code, minute: new Date(nowInMs - (nowInMs % MINUTE_MS)), count: 1 });
    },
    flush,
    forget,
    async close() {
      clearInterval(timer);
      await flush();
    },
  };
}
