import { fromPublicId } from '@trackly-tune/domain';
import type { Benchmark, Finding, Size } from '../benchmark.js';
import { judge } from '../measure/judge.js';
import { median, percentile, readable } from '../measure/statistics.js';
import { settleDown } from '../measure/wal.js';
import { addIntegration, daysAgo, WINDOW, type BenchIntegration } from '../world/integrations.js';
import { lateClicks } from '../world/late-clicks.js';
import { loadBooks } from '../world/load-books.js';
import type { World } from '../world/open-world.js';
import { clickIdOf, loadFacts, messageIdOf } from '../world/platform-facts.js';
import { completeRun } from '../world/runs.js';

interface Sizes {
  readonly conversions: number;
  readonly facts: number;
  /** New rows of each pull, and how many pulls each world takes in turns. */
  readonly rows: number;
  readonly turns: number;
  readonly lateClicks: number;
  readonly questions: number;
}

const SIZE: Record<Size, Sizes> = {
  smoke: { conversions: 2_000, facts: 200, rows: 100, turns: 1, lateClicks: 3, questions: 2 },
  quick: { conversions: 500_000, facts: 100_000, rows: 10_000, turns: 4, lateClicks: 30, questions: 20 },
  full: { conversions: 5_000_000, facts: 1_000_000, rows: 20_000, turns: 7, lateClicks: 100, questions: 50 },
};
const INTEGRATIONS = 10;
const PULL_GOAL = 0.85;
const LATE_GOAL_MS = 10_000;
const LIST_GOAL_MS = 200;

interface Side {
  readonly world: World;
  readonly account: string;
  readonly integrations: readonly BenchIntegration[];
}

async function openSide(world: World, account: string, facts: number): Promise<Side> {
  const at = `${WINDOW.from} 00:00Z`;
  await loadFacts(world.db, { accountId: account, messages: facts, clicks: facts, sentAt: at, clickedAt: at });
  const integrations: BenchIntegration[] = [];
  for (let n = 0; n < INTEGRATIONS; n++) integrations.push(await addIntegration(world, account));
  return { world, account, integrations };
}

/** Pulls rows that are new into an integration of the year before. Returns rows per second, from the request to the books. */
async function pullNew(side: Side, { rows, facts }: Sizes, turn: number, signal: AbortSignal): Promise<number> {
  const { world, integrations } = side;
  const integration = integrations[turn % integrations.length];
  if (integration === undefined) throw new Error('No integration');
  const first = (turn * rows) % Math.max(1, facts - rows);
  await world.simulator.network(integration.networkId).plantConversions({
    count: rows,
    ...WINDOW,
    clicks: Array.from({ length: rows }, (_, index) => {
      const click = (first + index) % facts;
      return { clickId: clickIdOf(click), messageId: messageIdOf(click) };
    }),
    shares: { withoutIds: 0, pending: 0, rejected: 0 },
  });
  const pulled = await completeRun(world, `/v1/integrations/${integration.id}/conversion-syncs`, WINDOW, signal);
  const stored = pulled.run.counts['inserted'] ?? 0;
  if (stored !== rows) throw new Error(`${stored} of ${rows} conversions were stored`);
  return (rows * 1000) / pulled.ms;
}

/** Every list with rows of the year, its first page and one deep inside. */
async function listsOf({ world, account, integrations }: Side): Promise<string[]> {
  const id = integrations[1]?.id ?? '';
  const deep = await world.db.query<{ id: string; seq: string }>(
    `SELECT (SELECT max(id) / 2 FROM conversions) AS id, (SELECT last_seq / 2 FROM ledger_sequence) AS seq`,
  );
  const { seq } = deep.rows[0] ?? { seq: '0' };
  const days = `from=${daysAgo(30)}&to=${daysAgo(1)}`;
  return [
    `/v1/conversions?account_id=${account}`,
    `/v1/conversions?integration_id=${id}`,
    `/v1/conversions?integration_id=${id}&${days}`,
    `/v1/conversions?integration_id=${id}&status=pending`,
    `/v1/conversions?account_id=${account}&attribution=none`,
    `/v1/conversions?account_id=${account}&message_id=${messageIdOf(17)}`,
    ...['offer', 'day', 'creative', 'campaign', 'integration'].map(
      (by) => `/v1/revenue?account_id=${account}&group_by=${by}&${days}`,
    ),
    `/v1/revenue?account_id=${account}&group_by=offer&${days}&as_of=${Number(seq) * 2 - 1_000}`,
    `/v1/revenue-changes?account_id=${account}&after=0`,
    `/v1/revenue-changes?account_id=${account}&after=${seq}`,
    `/v1/integrations?account_id=${account}`,
    `/v1/integrations/${id}/sync-runs`,
    `/v1/integrations/${id}/logs`,
    `/v1/integrations/${id}/postbacks`,
    `/v1/integrations/${id}/rejected-rows`,
    `/v1/parked-transactions?account_id=${account}`,
    `/v1/offers?integration_id=${id}`,
  ];
}

/** The p95 of each list, in ms. */
async function timeLists(side: Side, questions: number): Promise<Map<string, number>> {
  const seen = new Map<string, number>();
  for (const path of await listsOf(side)) {
    const times: number[] = [];
    for (let question = 0; question < questions; question++) {
      const askedMs = performance.now();
      await side.world.api.get(path);
      times.push(performance.now() - askedMs);
    }
    seen.set(path, percentile(times, 0.95));
  }
  return seen;
}

/** Sums by message have no totals: each entry of the days that are asked for is read. */
async function messageFinding({ world, account }: Side, { questions }: Sizes): Promise<Finding> {
  const path = `/v1/revenue?account_id=${account}&group_by=message&from=${daysAgo(30)}&to=${daysAgo(1)}`;
  const times: number[] = [];
  for (let question = 0; question < Math.ceil(questions / 10); question++) {
    const askedMs = performance.now();
    await world.api.get(path);
    times.push(performance.now() - askedMs);
  }
  const { rows } = await world.db.query<{ n: string }>(
    'SELECT count(*) AS n FROM ledger_entries WHERE day BETWEEN $1 AND $2',
    [daysAgo(30), daysAgo(1)],
  );
  const entries = Number(rows[0]?.n);
  return {
    what: `Sums by message of 30 days with ${readable(entries)} entries`,
    goal: '',
    floor: '',
    measured: `${readable(median(times))} ms`,
    met: null,
    note: `median of ${times.length}: ${readable((median(times) * 1000) / entries)} µs an entry; sums by anything else have totals`,
  };
}

function listFinding(lists: ReadonlyMap<string, number>, { questions, conversions }: Sizes): Finding {
  const slowest = [...lists].sort((a, b) => b[1] - a[1]);
  const [path = '', ms = 0] = slowest[0] ?? [];
  return {
    what: `The slowest of ${lists.size} lists over ${readable(conversions)} conversions: p95`,
    goal: `< ${LIST_GOAL_MS} ms`,
    floor: '',
    measured: `${readable(ms)} ms`,
    met: judge(ms, { goal: LIST_GOAL_MS }),
    note: `${questions} questions each over HTTP; ${slowest
      .slice(0, 3)
      .map(([list, took]) => `${list.replace(/int_\w+/, 'int_…')} ${readable(took)} ms`)
      .join(', ')}; the first is ${path.split('?')[0]}`,
  };
}

/** What a year of conversions does to a pull of new ones, to a late click and to every list. */
export const growth: Benchmark = {
  letter: 'n',
  title: 'New rows on a year of conversions against an empty database',
  async run(context) {
    const { size, say, signal } = context;
    const sizes = SIZE[size];
    const [empty, full] = [await context.openWorld(), await context.openWorld()];
    try {
      const sides = {
        empty: await openSide(empty, 'bench-n-empty', sizes.facts),
        full: await openSide(full, 'bench-n', sizes.facts),
      };
      const startedMs = performance.now();
      const integrationIds = sides.full.integrations.map(({ id }) => fromPublicId('integration', id) ?? 0n);
      await loadBooks(full.db, {
        accountId: sides.full.account,
        integrationIds,
        conversions: sizes.conversions,
        lastDay: WINDOW.to,
      });
      for (const { db } of [empty, full]) await settleDown(db);
      say(
        `  n: ${readable(sizes.conversions)} conversions loaded in ${readable((performance.now() - startedMs) / 1000)} s`,
      );
      const seen: { empty: number; full: number }[] = [];
      for (let turn = 0; turn <= sizes.turns; turn++) {
        // Who is first changes: what the one leaves to be written meets the other.
        const order = turn % 2 === 0 ? (['empty', 'full'] as const) : (['full', 'empty'] as const);
        const one = { empty: 0, full: 0 };
        for (const side of order) one[side] = await pullNew(sides[side], sizes, turn, signal);
        say(`  n: ${readable(one.full)} rows/s on ${readable(sizes.conversions)}, ${readable(one.empty)} on none`);
        // The first pair warms both sides up.
        if (turn > 0) seen.push(one);
      }
      const ratio = median(seen.map((one) => one.full / one.empty));
      const [integration] = sides.full.integrations;
      if (integration === undefined) throw new Error('No integration');
      const { account } = sides.full;
      const late = await lateClicks(full, { account, integration, name: 'n', count: sizes.lateClicks, signal });
      const p95 = percentile(late, 0.95);
      return [
        {
          what: `Pull of new rows on ${readable(sizes.conversions)} conversions / on an empty database`,
          goal: `≥ ${PULL_GOAL}`,
          floor: '',
          measured: ratio.toFixed(2),
          met: judge(ratio, { goal: PULL_GOAL, more: true }),
          note: `median of ${sizes.turns} pairs in turns after one to warm up, ${readable(sizes.rows)} rows each, from the request to the books, into ten integrations of that account: ${readable(median(seen.map((one) => one.full)))} against ${readable(median(seen.map((one) => one.empty)))} rows/s`,
        },
        {
          what: `Late click to its decision on ${readable(sizes.conversions)} conversions: p95`,
          goal: `< ${LATE_GOAL_MS / 1000} s`,
          floor: '',
          measured: `${readable(p95 / 1000)} s`,
          met: judge(p95, { goal: LATE_GOAL_MS }),
          note: `${sizes.lateClicks} clicks, one after the other; median ${readable(median(late) / 1000)} s`,
        },
        listFinding(await timeLists(sides.full, sizes.questions), sizes),
        await messageFinding(sides.full, sizes),
      ];
    } finally {
      await empty.stop();
      await full.stop();
    }
  },
};
