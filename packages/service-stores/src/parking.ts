import {
  keepFailure,
  parkItem,
  takeParked,
  unpark,
  type Database,
  type ParkableItem,
  type ParkedItem,
  type ParkedKind,
} from '@trackly-tune/database';
import { isEverybodys } from './is-everybodys.js';
import { isolate } from './isolate.js';

/** Work that is done for many accounts in one set, and can be done for some of its items. */
export interface ParkableWork<Result> {
  readonly kind: ParkedKind;
  /** For what comes next, or for these items only, parked or not. When it throws, repeating it does no harm. */
  work(only: readonly bigint[] | null): Promise<Result>;
  /** What `work(null)` would take. */
  next(): Promise<readonly ParkableItem[]>;
  /** Called when a parked item has failed again. True when nothing of it is left to be tried. */
  giveUp?(item: ParkedItem, error: unknown): Promise<boolean>;
}

/** What is told of work that fails. */
export interface ParkingReport {
  /** A set failed as a whole; it is tried in parts. */
  batchFailed(kind: ParkedKind, error: unknown): void;
  /** An item failed alone and is parked, or has failed again. */
  parked(item: ParkedItem, error: unknown): void;
  /** A parked item went through. */
  unparked(item: ParkedItem): void;
}

export interface Parking {
  /**
   * Works on what comes next. Where that fails, it is done in parts, so that what fails alone is parked and reported
   * and its neighbours go through. Returns the result of each part that
   * went through: none when all that was tried is parked now. Throws what would meet every item alike.
   */
  attempt<Result>(work: ParkableWork<Result>): Promise<Result[]>;
  /** Reports and parks one item that failed. */
  park(kind: ParkedKind, item: ParkableItem, error: unknown): Promise<void>;
  /** Tries parked items whose pause is over, each alone; stops once `signal` is aborted. Returns how many went through. */
  retry(works: readonly ParkableWork<unknown>[], signal: AbortSignal): Promise<number>;
}

/** Parked items taken at once by a retry. */
const RETRIED_MAX = 20;

/** The one place where work that fails alone is parked, tried again and let go. */
export function createParking({ db, report }: { db: Database; report: ParkingReport }): Parking {
  async function park(kind: ParkedKind, item: ParkableItem, error: unknown): Promise<void> {
    report.parked(await parkItem(db, kind, item, error), error);
  }

  async function retryOne(work: ParkableWork<unknown>, item: ParkedItem): Promise<boolean> {
    try {
      await work.work([item.id]);
    } catch (error) {
      if (isEverybodys(error)) throw error;
      await keepFailure(db, item, error);
      report.parked(item, error);
      if (await work.giveUp?.(item, error)) await unpark(db, item);
      return false;
    }
    await unpark(db, item);
    report.unparked(item);
    return true;
  }

  return {
    park,
    async attempt({ kind, work, next }) {
      let items: readonly ParkableItem[];
      try {
        return [await work(null)];
      } catch (error) {
        if (isEverybodys(error)) throw error;
        items = await next();
        // Without an item to blame it is nobody's own.
        if (items.length === 0) throw error;
        report.batchFailed(kind, error);
      }
      const results: Awaited<ReturnType<typeof work>>[] = [];
      await isolate(items, {
        isEverybodys,
        work: async (some) => void results.push(await work(some.map(({ id }) => id))),
        onFailed: (item, error) => park(kind, item, error),
      });
      return results;
    },
    async retry(works, signal) {
      const byKind = new Map(works.map((work) => [work.kind, work]));
      let through = 0;
      while (!signal.aborted) {
        const items = await takeParked(db, [...byKind.keys()], RETRIED_MAX);
        for (const item of items) {
          const work = byKind.get(item.kind);
          if (work && (await retryOne(work, item))) through += 1;
        }
        if (items.length < RETRIED_MAX) break;
      }
      return through;
    },
  };
}
