import type { Database, FinishedRun, ParkedItem } from '@trackly-tune/database';
import { createParking } from '@trackly-tune/service-stores';
import { drain, type Drained } from '../src/use-cases/drain.js';
import { retryParked } from '../src/use-cases/retry-parked.js';

export interface DrainedBooks {
  /** What was told of the work, e.g. `parked transaction`. */
  readonly said: string[];
  readonly parked: ParkedItem[];
  readonly ended: FinishedRun[];
  drain(): Promise<Drained>;
  retry(): Promise<number>;
}

/** Work on the books as the service does it, with everything told of it in reach. */
export function drainedBooks(
  db: Database,
  options: { batchTransactionsMax?: number; parkedWaitMs?: number } = {},
): DrainedBooks {
  const said: string[] = [];
  const parked: ParkedItem[] = [];
  const ended: FinishedRun[] = [];
  const parking = createParking({
    db,
    report: {
      batchFailed: (kind) => void said.push(`batch of ${kind} failed`),
      parked(item) {
        said.push(`${item.kind} parked`);
        parked.push(item);
      },
      unparked: ({ kind }) => void said.push(`${kind} went through`),
    },
  });
  const work = {
    db,
    parking,
    batchTransactionsMax: options.batchTransactionsMax ?? 3,
    parkedWaitMs: options.parkedWaitMs ?? 0,
    onRunEnded: (run: FinishedRun) => void ended.push(run),
    signal: new AbortController().signal,
  };
  return { said, parked, ended, drain: () => drain(work), retry: () => retryParked(work) };
}

/** Drains the books of a test in which nothing may fail; throws what does. */
export async function drainBooks(db: Database, batchTransactionsMax = 3): Promise<Drained> {
  const books = drainedBooks(db, { batchTransactionsMax });
  const done = await books.drain();
  if (books.said.length > 0) throw new Error(books.said.join('; '));
  return done;
}
