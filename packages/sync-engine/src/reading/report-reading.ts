import { loadReading, type Database, type DueSlice, type KeptReading } from '@trackly-tune/database';
import { judgePage, promisedWith, type PageVerdict } from '@trackly-tune/domain';
import { READINGS_MAX } from '../retry/plan-retry.js';
import { KeySet, keyOf, readKeys, writeKeys } from './key-set.js';
import { ReportIncompleteError } from './report-incomplete.js';

/** A page of a list as a client hands it out. */
export interface ListedPage {
  readonly page: number;
  /** What tells its entries from others; each once. */
  readonly keys: readonly string[];
  readonly listed: boolean;
  readonly count: number | null;
  readonly pageCount: number | null;
  readonly bare?: boolean;
}

/** What a page makes of the reading that it belongs to. */
export interface TakenPage {
  readonly verdict: PageVerdict['kind'];
  /** Why the list is not whole; null while it can be. */
  readonly error: ReportIncompleteError | null;
  /** What the network counts, as far as it says so; null where it does not. */
  readonly promised: number | null;
  /** Those of its entries that no reading of this slice held before: each is counted once. */
  readonly fresh: ReadonlySet<string>;
  /** Its keys, to be kept while the slice goes on. */
  readonly keyBytes: Buffer;
}

/**
 * One reading of a list from its first page to its last, in however many processes: knows which entries came and judges
 * whether they are all. Goes on from what is kept with the slice.
 */
export class ReportReading {
  readonly #number: number;
  readonly #came = new KeySet();
  /** Of all readings of the slice. */
  readonly #counted: KeySet;
  #promised: number | null;

  constructor(number: number, kept: Pick<KeptReading, 'promised' | 'pages' | 'earlierPages'>) {
    this.#number = number;
    this.#promised = kept.promised;
    this.#counted = kept.earlierPages.length === 0 ? this.#came : new KeySet();
    for (const bytes of kept.earlierPages) for (const key of readKeys(bytes)) this.#counted.add(key);
    for (const bytes of kept.pages) {
      for (const key of readKeys(bytes)) {
        this.#came.add(key);
        this.#counted.add(key);
      }
    }
  }

  take(list: ListedPage): TakenPage {
    // Most reports are one page: nothing of it is to be compared or kept.
    if (this.#counted.size === 0) {
      const rows = list.keys.length;
      const judged = this.#judge(list, { newRows: rows, came: rows });
      if (judged.verdict === 'whole') return { ...judged, fresh: new Set(list.keys), keyBytes: writeKeys([]) };
    }
    const fresh = new Set<string>();
    const keys: bigint[] = [];
    const before = this.#came.size;
    for (const text of list.keys) {
      const key = keyOf(text);
      keys.push(key);
      const isNew = this.#came.add(key);
      if (this.#counted === this.#came ? isNew : this.#counted.add(key)) fresh.add(text);
    }
    const came = this.#came.size;
    const judged = this.#judge(list, { newRows: came - before, came });
    this.#promised = judged.promised;
    return { ...judged, fresh, keyBytes: writeKeys(keys) };
  }

  #judge(list: ListedPage, sums: { newRows: number; came: number }): Omit<TakenPage, 'fresh' | 'keyBytes'> {
    const shape = { ...list, ...sums, rows: list.keys.length, promisedBefore: this.#promised };
    const verdict = judgePage(shape);
    const promised = promisedWith(shape);
    const short = { page: list.page, promised, came: sums.came, reading: this.#number };
    const error =
      verdict.kind === 'incomplete' ? new ReportIncompleteError({ ...short, because: verdict.because }) : null;
    return { verdict: verdict.kind, error, promised };
  }

  /** The error for a page in the place of which the network shows nothing. */
  missing(page: number): ReportIncompleteError {
    const because = 'list_missing';
    return new ReportIncompleteError({
      ...{ because, page, promised: this.#promised, came: this.#came.size, reading: this.#number },
    });
  }
}

/** Goes on reading the list of a slice. Throws ReportIncompleteError for one that was read often enough. */
export async function openReading(
  db: Database,
  slice: Pick<DueSlice, 'id' | 'nextPage' | 'reading' | 'promised'>,
): Promise<{ reading: ReportReading; nextPage: number }> {
  const { reading: number } = slice;
  // Only after a crash between the last page of the last reading and what was to become of it.
  if (number > READINGS_MAX) {
    throw new ReportIncompleteError({ because: 'read_before', page: 1, promised: null, came: 0, reading: number - 1 });
  }
  const kept = await loadReading(db, slice);
  return { reading: new ReportReading(number, kept), nextPage: kept.nextPage };
}
