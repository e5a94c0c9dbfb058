import pg from 'pg';
import { fromPublicId } from '@trackly-tune/domain';
import type { Benchmark, Size } from '../benchmark.js';
import { prepareBareTables, readBareInsert, runBareInsert } from '../measure/bare-insert.js';
import { prepareBareUpsert, readReportColumns, runBareUpsert } from '../measure/bare-upsert.js';
import { judge } from '../measure/judge.js';
import { median, readable } from '../measure/statistics.js';
import { addIntegration, plant, WINDOW } from '../world/integrations.js';
import { loadFacts } from '../world/platform-facts.js';
import { completeRun } from '../world/runs.js';

const SIZE: Record<Size, { rows: number; facts: number; pairs: number }> = {
  smoke: { rows: 200, facts: 100, pairs: 1 },
  quick: { rows: 10_000, facts: 5_000, pairs: 3 },
  full: { rows: 30_000, facts: 20_000, pairs: 5 },
};
const BOUNDS = { goal: 0.6, floor: 0.5, more: true };
const ACCOUNT = 'bench-a';

/**
 * The whole way, from a request for a pull over HTTP to rows in the books, against nothing but writing the rows that
 * it leaves: the same rows into the same tables with the same indexes, in a database beside it that grows the same way.
 * The two take turns.
 */
export const pullToBooks: Benchmark = {
  letter: 'a',
  title: 'Pull to books against a bare insert',
  async run(context) {
    const { size, stores, say, signal } = context;
    const { rows, facts, pairs } = SIZE[size];
    const world = await context.openWorld();
    const bare = new pg.Pool({ connectionString: (await stores.createDatabase()).url, max: 1 });
    try {
      await prepareBareTables(bare);
      const sent = { accountId: ACCOUNT, sentAt: `${WINDOW.from} 00:00Z`, clickedAt: `${WINDOW.from} 00:00Z` };
      await loadFacts(world.db, { ...sent, messages: facts, clicks: facts });
      const seen: { pull: number; bare: number; upsert: number; ratio: number; ofUpsert: number }[] = [];
      for (let pair = 0; pair <= pairs; pair++) {
        // The first pair warms both sides up: compiled code, connections, caches.
        const integration = await addIntegration(world, ACCOUNT);
        await plant(world, integration, { count: rows, messages: facts, clicks: facts });
        const pulled = await completeRun(world, `/v1/integrations/${integration.id}/conversion-syncs`, WINDOW, signal);
        const stored = pulled.run.counts['inserted'] ?? 0;
        if (stored !== rows) throw new Error(`${stored} of ${rows} conversions were stored`);
        const chunks = await readBareInsert(world.db, fromPublicId('integration', integration.id) ?? 0n);
        const bareMs = await runBareInsert(bare, chunks);
        const report = await readReportColumns(world.db, fromPublicId('integration', integration.id) ?? 0n);
        await prepareBareUpsert(bare, report);
        const upsertMs = await runBareUpsert(bare, report);
        const one = {
          pull: (rows * 1000) / pulled.ms,
          bare: (rows * 1000) / bareMs,
          upsert: (rows * 1000) / upsertMs,
          ratio: bareMs / pulled.ms,
          ofUpsert: upsertMs / pulled.ms,
        };
        say(
          `  a: pull ${readable(one.pull)} rows/s, bare ${readable(one.bare)} rows/s, ratio ${one.ratio.toFixed(2)}; ` +
            `upsert ${readable(one.upsert)} rows/s, ratio ${one.ofUpsert.toFixed(2)}`,
        );
        if (pair > 0) seen.push(one);
      }
      const ratio = median(seen.map((one) => one.ratio));
      const ofUpsert = median(seen.map((one) => one.ofUpsert));
      return [
        {
          what: 'Pull to books / bare insert',
          goal: '≥ 0.6',
          floor: '≥ 0.5',
          measured: ratio.toFixed(2),
          met: judge(ratio, BOUNDS),
          note: `median of ${pairs} pairs in turns after one to warm up, ${readable(rows)} rows each: ${readable(median(seen.map((one) => one.pull)))} against ${readable(median(seen.map((one) => one.bare)))} rows/s`,
        },
        {
          what: 'Pull to books / bare upsert of the report rows',
          goal: '≥ 0.2',
          floor: '',
          measured: ofUpsert.toFixed(2),
          met: judge(ofUpsert, { goal: 0.2, more: true }),
          note: `the same pairs, against one table with nothing but its primary key: ${readable(median(seen.map((one) => one.upsert)))} rows/s`,
        },
      ];
    } finally {
      await bare.end();
      await world.stop();
    }
  },
};
