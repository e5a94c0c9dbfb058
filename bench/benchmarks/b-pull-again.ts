import type { Benchmark, Size } from '../benchmark.js';
import { judge } from '../measure/judge.js';
import { median, readable } from '../measure/statistics.js';
import { settleDown, walPosition } from '../measure/wal.js';
import { addIntegration, plant, WINDOW } from '../world/integrations.js';
import { loadFacts } from '../world/platform-facts.js';
import { completeRun } from '../world/runs.js';

const SIZE: Record<Size, { rows: number; facts: number; repeats: number }> = {
  smoke: { rows: 200, facts: 100, repeats: 1 },
  quick: { rows: 10_000, facts: 5_000, repeats: 3 },
  full: { rows: 30_000, facts: 20_000, repeats: 5 },
};
const ACCOUNT = 'bench-b';
const ROWS_WRITTEN = `SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)::int AS rows FROM pg_stat_user_tables
  WHERE relname IN ('due_transactions', 'transaction_lookups', 'conversions', 'conversion_versions', 'decisions',
    'ledger_entries', 'ledger_unnumbered', 'ledger_feed', 'revenue_totals')`;

/** The same conversion is pulled about 168 times in seven days: what did not change must cost nothing (law 6). */
export const pullAgain: Benchmark = {
  letter: 'b',
  title: 'Pull again without a change',
  async run(context) {
    const { size, say, signal } = context;
    const { rows, facts, repeats } = SIZE[size];
    const world = await context.openWorld();
    try {
      const sent = { accountId: ACCOUNT, sentAt: `${WINDOW.from} 00:00Z`, clickedAt: `${WINDOW.from} 00:00Z` };
      await loadFacts(world.db, { ...sent, messages: facts, clicks: facts });
      const integration = await addIntegration(world, ACCOUNT);
      await plant(world, integration, { count: rows, messages: facts, clicks: facts });
      const route = `/v1/integrations/${integration.id}/conversion-syncs`;
      const written = async (): Promise<number> => {
        // Counters reach the statistics when a transaction of their backend is over for a second.
        await world.db.query('SELECT pg_stat_force_next_flush(), pg_sleep(1.2)');
        return (await world.db.query<{ rows: number }>(ROWS_WRITTEN)).rows[0]?.rows ?? 0;
      };
      const before = await walPosition(world.db);
      const first = await completeRun(world, route, WINDOW, signal);
      const firstWal = (await walPosition(world.db)) - before;
      await settleDown(world.db);
      const again: { ms: number; wal: number }[] = [];
      const rowsBefore = await written();
      for (let repeat = 0; repeat < repeats; repeat++) {
        const from = await walPosition(world.db);
        const { ms, run } = await completeRun(world, route, WINDOW, signal);
        if (run.counts['unchanged'] !== rows) throw new Error(`${run.counts['unchanged'] ?? 0} of ${rows} unchanged`);
        again.push({ ms, wal: (await walPosition(world.db)) - from });
        say(`  b: ${readable((rows * 1000) / ms)} rows/s, ${readable((again.at(-1)?.wal ?? 0) / 1024)} KiB of WAL`);
      }
      const rowsWritten = (await written()) - rowsBefore;
      const speed = first.ms / median(again.map(({ ms }) => ms));
      const walShare = median(again.map(({ wal }) => wal)) / firstWal;
      const note = `median of ${repeats} after a first pull of ${readable(rows)} rows`;
      return [
        {
          what: 'Rows of facts and books that a second pull writes',
          goal: '0',
          floor: '0',
          measured: String(rowsWritten),
          met: judge(rowsWritten, { goal: 0 }),
          note: `${repeats} pulls together`,
        },
        {
          what: 'WAL of a second pull / first pull',
          goal: '< 1 %',
          floor: '',
          measured: `${(walShare * 100).toFixed(2)} %`,
          met: judge(walShare, { goal: 0.01 }),
          note: `${note} (${readable(firstWal / 2 ** 20)} MiB), all of the services' own housekeeping included`,
        },
        {
          what: 'Speed of a second pull / first pull',
          goal: '≥ 3',
          floor: '',
          measured: speed.toFixed(1),
          met: judge(speed, { goal: 3, more: true }),
          note: `${note}: ${readable((rows * 1000) / median(again.map(({ ms }) => ms)))} against ${readable((rows * 1000) / first.ms)} rows/s`,
        },
      ];
    } finally {
      await world.stop();
    }
  },
};
