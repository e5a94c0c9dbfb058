import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { judgePage, promisedWith, type PageVerdict } from './judge-page.js';

interface Served {
  readonly rows: readonly string[];
  readonly count?: number | null;
  readonly pageCount?: number | null;
  readonly listed?: boolean;
  readonly bare?: boolean;
}

/** Reads as a pull does: page after page until the rule says something else than `more`. */
function read(serve: (page: number) => Served): { verdict: PageVerdict; pages: number; came: string[] } {
  const came = new Set<string>();
  let promised: number | null = null;
  for (let page = 1; page <= 1_000; page++) {
    const { rows, count = null, pageCount = null, listed = true, bare = false } = serve(page);
    const before = came.size;
    rows.forEach((row) => came.add(row));
    const list = { page, listed, rows: rows.length, newRows: came.size - before, came: came.size, count, pageCount };
    const verdict = judgePage({ ...list, promisedBefore: promised, bare });
    if (verdict.kind !== 'more') return { verdict, pages: page, came: [...came] };
    promised = promisedWith({ count, promisedBefore: promised });
  }
  throw new Error('The rule never ends');
}

const pages =
  (...all: readonly string[]) =>
  (page: number): readonly string[] =>
    Array.from(all[page - 1] ?? '');
/** A server in order that shows so many rows a page. */
const inOrder = (rows: readonly string[], size: number) => (page: number) => rows.slice((page - 1) * size, page * size);
const because = (reason: string) => ({ kind: 'incomplete', because: reason });

describe('a report is whole', () => {
  test.each<[string, (page: number) => Served, number]>([
    ['when as many came as were counted', (n) => ({ rows: pages('ab', 'c')(n), count: 3, pageCount: 2 }), 2],
    ['when more came', (n) => ({ rows: pages('ab', 'cd')(n), count: 3, pageCount: 2 }), 2],
    ['when there is none', () => ({ rows: [], count: 0, pageCount: 0 }), 1],
    ['when there is none, and no list for it', () => ({ rows: [], count: 0, listed: false }), 1],
    ['when rows come while one reads', (n) => ({ rows: pages('ab', 'cd')(n), count: 2 + n, pageCount: 2 }), 2],
    ['without a number of pages', (n) => ({ rows: pages('a', 'b', 'c')(n), count: 3 }), 3],
    ['without a count, with an empty page', (n) => ({ rows: pages('ab', 'cd')(n), pageCount: 2 }), 3],
    ['without both, with an empty page', (n) => ({ rows: pages('ab', 'c')(n) }), 3],
    [
      'when pages are counted by a limit that is cut',
      (n) => ({ rows: pages('a', 'b', 'c')(n), count: 3, pageCount: 1 }),
      3,
    ],
    ['when too many pages are counted', (n) => ({ rows: pages('ab', 'c')(n), count: 3, pageCount: 9 }), 3],
    ['when what does not page tells it twice', () => ({ rows: ['a', 'b'], bare: true }), 2],
  ])('%s', (_title, serve, asked) => {
    expect(read(serve)).toMatchObject({ verdict: { kind: 'whole' }, pages: asked });
  });
});

describe('a report is not whole', () => {
  test.each<[string, (page: number) => Served, string, number]>([
    ['when an empty page comes too early', (n) => ({ rows: pages('a')(n), count: 3, pageCount: 3 }), 'page_empty', 2],
    ['when its one page is short', (n) => ({ rows: pages('a')(n), count: 3, pageCount: 1 }), 'page_empty', 2],
    ['when it is empty although it counts rows', () => ({ rows: [], count: 3, pageCount: 1 }), 'page_empty', 1],
    ['when the same page comes again', () => ({ rows: ['a', 'b'], count: 6, pageCount: 3 }), 'page_repeated', 2],
    ['when it comes again without a count', () => ({ rows: ['a', 'b'] }), 'page_repeated', 2],
    ['when its count falls', (n) => ({ rows: pages('ab', 'cd')(n), count: 5 - n, pageCount: 2 }), 'count_fell', 2],
    [
      'when a page is missing without a count',
      (n) => ({ rows: pages('a', '', 'c')(n), pageCount: 3 }),
      'page_empty',
      2,
    ],
    ['when nothing stands for the list', () => ({ rows: [], listed: false }), 'list_missing', 1],
    ['when nothing does on a later page', (n) => ({ rows: pages('a')(n), count: 3, listed: n < 2 }), 'list_missing', 2],
  ])('%s', (_title, serve, reason, asked) => {
    expect(read(serve)).toMatchObject({ verdict: because(reason), pages: asked });
  });
});

const REPORT = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 3 }), { maxLength: 40 });
const SIZES = fc.integer({ min: 1, max: 7 });

test('a network in order is read to its last row, whatever it says of itself', () => {
  fc.assert(
    fc.property(
      REPORT,
      SIZES,
      SIZES,
      fc.constantFrom('right', 'by the limit', 'none'),
      fc.boolean(),
      (rows, size, limit, pageCount, counted) => {
        const said = {
          right: Math.ceil(rows.length / size),
          'by the limit': Math.ceil(rows.length / (size * limit)),
          none: null,
        };
        // Without a count there is only the number of pages to believe, or the empty page.
        const outcome = read((page) => ({
          rows: inOrder(rows, size)(page),
          count: counted ? rows.length : null,
          pageCount: said[pageCount],
        }));
        expect(outcome.verdict).toEqual({ kind: 'whole' });
        expect(outcome.came).toEqual(rows);
      },
    ),
  );
});

test('rows that a network counts and withholds are never overlooked, wherever they are missing', () => {
  fc.assert(
    fc.property(REPORT, SIZES, fc.nat(), fc.boolean(), (rows, size, at, paged) => {
      fc.pre(rows.length > 0);
      const withheld = rows[at % rows.length];
      const outcome = read((page) => ({
        rows: inOrder(rows, size)(page).filter((row) => row !== withheld),
        count: rows.length,
        pageCount: paged ? Math.ceil(rows.length / size) : null,
      }));
      expect(outcome.verdict.kind).toBe('incomplete');
    }),
  );
});
