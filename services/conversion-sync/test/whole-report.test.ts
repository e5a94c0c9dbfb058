import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { sweepSlicePages, type Database } from '@trackly-tune/database';
import { MissingListError, type ReportPage } from '@trackly-tune/tune-client';
import {
  addDueIntegration,
  addRun,
  createPullWorld,
  factsOf,
  outlastWaits,
  pull,
  runOf,
  type Integration,
  type PullWorld,
  type RunView,
} from './pull-world.js';
import { reportRow, ScriptedNetwork, tuneFailure } from './scripted-network.js';

let world: PullWorld;
let db: Database;
let network: ScriptedNetwork;
let integration: Integration;

beforeAll(async () => {
  world = await createPullWorld();
  db = world.db;
});
afterAll(() => world.close());
beforeEach(async () => {
  network = new ScriptedNetwork();
  // Pages of two.
  network.rows = [1, 2, 3, 4, 5].map((n) => reportRow(n));
  integration = await addDueIntegration(db);
});

async function pullToTheEnd(): Promise<RunView> {
  const runId = await addRun(db, integration);
  await outlastWaits(db, integration.networkId, network);
  return runOf(db, runId);
}

const pagesAsked = (): number[] => network.queries.map(({ page }) => page);

/** What the log says of reports that are not whole, as `level promised came page`. */
async function shortOf(): Promise<string[]> {
  const { rows } = await sql<{ line: string }>`
    SELECT concat_ws(' ', level, coalesce(context->>'promised', '?'), context->>'came', context->>'page') AS line
    FROM integration_log WHERE integration_id = ${integration.id} AND code = 'report_incomplete' ORDER BY id`.execute(
    db,
  );
  return rows.map((row) => row.line);
}

async function keptPages(): Promise<number> {
  const { rows } = await sql<{ pages: number }>`
    SELECT count(*)::int AS pages FROM slice_pages p JOIN sync_slices s ON s.id = p.slice_id
    WHERE s.integration_id = ${integration.id}`.execute(db);
  return rows[0]?.pages ?? -1;
}

/** Answers in another way until the report was begun so often. */
function wrong(readings: number, change: (page: ReportPage) => Partial<ReportPage>): void {
  let begun = 0;
  network.answer = (page) => {
    if (page.page === 1) begun += 1;
    return begun > readings ? page : { ...page, ...change(page) };
  };
}

const uncounted = { count: null, pageCount: null };
const FAULTS: readonly [string, (page: ReportPage) => Partial<ReportPage>, number[], string][] = [
  ['an empty page too early', ({ page }) => (page > 1 ? { rows: [] } : {}), [1, 2], '5 2 2'],
  ['a page that is short', ({ page, rows }) => (page === 2 ? { rows: rows.slice(1) } : {}), [1, 2, 3, 4], '5 4 4'],
  ['a last page that is not there', ({ page }) => (page === 3 ? { rows: [] } : {}), [1, 2, 3], '5 4 3'],
  ['nothing in the place of the rows', ({ page }) => (page === 2 ? { rows: [], listed: false } : {}), [1, 2], '5 2 2'],
  ['a count that falls', ({ page, count }) => ({ count: (count ?? 0) - (page === 2 ? 1 : 0) }), [1, 2], '5 4 2'],
  ['the first page again and again', () => ({ rows: [reportRow(1), reportRow(2)] }), [1, 2], '5 2 2'],
  ['the same, without a count', () => ({ rows: [reportRow(1), reportRow(2)], ...uncounted }), [1, 2], '? 2 2'],
  ['a page twice', ({ page }) => (page === 3 ? { rows: [reportRow(3), reportRow(4)] } : {}), [1, 2, 3], '5 4 3'],
];

describe('a report that is not whole', () => {
  test.each(FAULTS)('by %s is read three times, then its run fails', async (_title, change, asked, sums) => {
    wrong(Infinity, change);
    expect(await pullToTheEnd()).toMatchObject({ status: 'failed', code: 'report_incomplete', pulled: false });
    expect(pagesAsked()).toEqual([...asked, ...asked, ...asked]);
    expect(await shortOf()).toEqual([`warn ${sums}`, `warn ${sums}`, `error ${sums}`]);
    await sweepSlicePages(db, 'conversions:');
    expect(await keptPages()).toBe(0);
  });

  test.each(FAULTS)('by %s and then is, is stored as if nothing had been', async (_title, change) => {
    wrong(2, change);
    expect(await pullToTheEnd()).toMatchObject({
      pulled: true,
      fetched: 5,
      inserted: 5,
      updated: 0,
      unchanged: 0,
      rejected: 0,
    });
    expect(await keptPages()).toBe(0);
    const facts = await factsOf(db, integration);
    integration = await addDueIntegration(db);
    network.answer = (page) => page;
    await pullToTheEnd();
    expect(facts).toEqual(await factsOf(db, integration));
  });

  test.each(FAULTS)('by %s is known as one by workers that read one page each', async (_title, change, asked, sums) => {
    wrong(Infinity, change);
    const runId = await addRun(db, integration);
    await outlastWaits(db, integration.networkId, network, { sliceBudgetMs: -1 });
    expect(await runOf(db, runId)).toMatchObject({ status: 'failed', code: 'report_incomplete' });
    expect(pagesAsked()).toEqual([...asked, ...asked, ...asked]);
    expect(await shortOf()).toEqual([`warn ${sums}`, `warn ${sums}`, `error ${sums}`]);
  });

  test('keeps what came: facts are facts', async () => {
    wrong(Infinity, ({ page }) => (page === 3 ? { rows: [] } : {}));
    expect(await pullToTheEnd()).toMatchObject({ status: 'failed', fetched: 4, inserted: 4, unchanged: 0 });
  });

  test('waits before it is read again, and other runs of the network go first', async () => {
    wrong(1, ({ page }) => (page === 2 ? { rows: [] } : {}));
    const runId = await addRun(db, integration);
    expect(await pull(db, integration.networkId, network)).toBe('idle');
    expect(await runOf(db, runId)).toMatchObject({ status: 'running', pulled: false });
    const other = await addDueIntegration(db, { networkId: integration.networkId });
    const otherRun = await addRun(db, other);
    await pull(db, integration.networkId, network);
    expect(await runOf(db, otherRun)).toMatchObject({ pulled: true, fetched: 5 });
    expect(await runOf(db, runId)).toMatchObject({ pulled: false });
  });

  test('by an answer without any list, with a good status, is one too', async () => {
    network.before = ({ page }) => {
      if (page === 2) throw new MissingListError('no list');
    };
    expect(await pullToTheEnd()).toMatchObject({ status: 'failed', code: 'report_incomplete' });
    expect(pagesAsked()).toEqual([1, 2, 1, 2, 1, 2]);
    expect(await shortOf()).toEqual(['warn 5 2 2', 'warn 5 2 2', 'error 5 2 2']);
  });

  test('is read again however often a page of it fails for another reason in between', async () => {
    wrong(2, ({ page }) => (page === 3 ? { rows: [] } : {}));
    network.before = (_query, call) => {
      if (call % 2 === 0) throw tuneFailure('unreachable');
    };
    expect(await pullToTheEnd()).toMatchObject({ pulled: true, fetched: 5, inserted: 5, unchanged: 0 });
    expect(await shortOf()).toHaveLength(2);
  });

  test('fails its backfill as well, after three readings', async () => {
    wrong(Infinity, ({ page }) => (page === 2 ? { rows: [] } : {}));
    const runId = await addRun(db, integration);
    await sql`UPDATE sync_runs SET kind = 'backfill' WHERE id = ${runId}`.execute(db);
    await outlastWaits(db, integration.networkId, network);
    expect(await runOf(db, runId)).toMatchObject({ status: 'failed', code: 'report_incomplete' });
    expect(pagesAsked()).toEqual([1, 2, 1, 2, 1, 2]);
  });

  test('is not read a fourth time when the worker died after the third', async () => {
    const runId = await addRun(db, integration);
    await sql`UPDATE sync_slices SET reading = 4 WHERE run_id = ${runId}`.execute(db);
    await pull(db, integration.networkId, network);
    expect(await runOf(db, runId)).toMatchObject({ status: 'failed', code: 'report_incomplete' });
    expect(network.queries).toEqual([]);
  });
});

describe('a report is whole', () => {
  test.each<[string, (page: ReportPage) => Partial<ReportPage>, number[]]>([
    ['without a number of pages', () => ({ pageCount: null }), [1, 2, 3]],
    ['without a count, after an empty page', () => uncounted, [1, 2, 3, 4]],
    ['with a number of pages alone, after an empty page', () => ({ count: null }), [1, 2, 3, 4]],
    ['with more rows than it counted', ({ count }) => ({ count: (count ?? 0) - 2 }), [1, 2, 3]],
    ['when its count grows while it is read', ({ page, count }) => ({ count: (count ?? 0) - 3 + page }), [1, 2, 3]],
    [
      'when its count is no more than what it says of one page',
      ({ page, count }) => ({ count: page > 1 ? null : count }),
      [1, 2, 3],
    ],
  ])('%s', async (_title, change, asked) => {
    wrong(Infinity, change);
    expect(await pullToTheEnd()).toMatchObject({ pulled: true, fetched: 5, inserted: 5 });
    expect(pagesAsked()).toEqual(asked);
    expect(await shortOf()).toEqual([]);
  });

  test('when the server cuts the limit it is asked for, whatever its number of pages means', async () => {
    for (const pageCount of [null, 1, 5]) {
      integration = await addDueIntegration(db);
      network.answer = (page) => ({ ...page, rows: [reportRow(page.page)], count: 5, pageCount });
      expect(await pullToTheEnd()).toMatchObject({ pulled: true, fetched: 5, inserted: 5 });
    }
  });

  test('with rows of other affiliates, and with such as cannot be read: they came', async () => {
    network.rows = [
      reportRow(1, { 'Stat.affiliate_id': '4' }),
      reportRow(2, { 'Stat.affiliate_id': '4' }),
      // Nothing tells these from each other.
      ...Array.from({ length: 2 }, () => reportRow(4, { 'Stat.tune_event_id': '' })),
      reportRow(3, { 'Stat.payout': 'x' }),
      reportRow(5),
    ];
    expect(await pullToTheEnd()).toMatchObject({ pulled: true, fetched: 4, inserted: 1, rejected: 3 });
    expect(await shortOf()).toEqual([]);
  });

  test('when rows come while it is read and show others twice', async () => {
    const late = reportRow(0, { 'Stat.datetime': '2026-11-18 00:00:00' });
    network.before = ({ page }) => {
      if (page === 2 && network.rows.length === 5) network.rows = [late, ...network.rows];
    };
    // The late row pushed another over the page boundary: one came twice, the late one did not.
    expect(await pullToTheEnd()).toMatchObject({ pulled: true, fetched: 6, inserted: 6, unchanged: 0 });
    expect(await shortOf()).toEqual(['warn 6 5 4']);
  });
});

describe('a reading goes on', () => {
  test('in another process, which knows every row that the first one read', async () => {
    const runId = await addRun(db, integration);
    network.before = ({ page }) => {
      if (page === 3) throw Object.assign(new Error('gone'), { code: '57P01' });
    };
    await expect(pull(db, integration.networkId, network)).rejects.toThrow('gone');
    expect(await keptPages()).toBe(2);
    network.before = () => undefined;
    network.answer = (page) => ({ ...page, rows: [reportRow(4)] });
    await pull(db, integration.networkId, network);
    expect(await shortOf()).toEqual(['warn 5 4 3']);
    network.answer = (page) => page;
    await outlastWaits(db, integration.networkId, network);
    expect(await runOf(db, runId)).toMatchObject({ pulled: true, fetched: 5, inserted: 5, unchanged: 0 });
  });

  test('after it gave way at every page', async () => {
    const runId = await addRun(db, integration);
    await pull(db, integration.networkId, network, { sliceBudgetMs: -1 });
    expect(await runOf(db, runId)).toMatchObject({ pulled: true, fetched: 5, inserted: 5 });
    expect(pagesAsked()).toEqual([1, 2, 3]);
  });

  test('from its first page where what it held was lost, as by a crash of PostgreSQL, and counts no row twice in facts', async () => {
    const runId = await addRun(db, integration);
    network.before = ({ page }) => {
      if (page === 3) throw tuneFailure('unreachable');
    };
    await pull(db, integration.networkId, network);
    await sql`TRUNCATE slice_pages`.execute(db);
    network.before = () => undefined;
    await outlastWaits(db, integration.networkId, network);
    expect(pagesAsked()).toEqual([1, 2, 3, 1, 2, 3]);
    expect(await runOf(db, runId)).toMatchObject({ pulled: true, inserted: 5 });
    expect(await shortOf()).toEqual([]);
  });

  test('with nothing kept of a report of one page', async () => {
    let kept = 0;
    const watched = db.withPlugin({
      transformQuery: ({ node }) => {
        if (
          JSON.stringify(node, (_key, value: unknown) => (typeof value === 'bigint' ? '' : value)).includes(
            'INTO slice_pages',
          )
        )
          kept += 1;
        return node;
      },
      transformResult: async ({ result }) => result,
    });
    for (const [rows, pages] of [
      [1, 0],
      [3, 1],
    ] as const) {
      network.rows = Array.from({ length: rows }, (_, n) => reportRow(n));
      await addRun(db, integration);
      kept = 0;
      await pull(watched, integration.networkId, network);
      expect(kept).toBe(pages);
    }
  });
});
