import type { Benchmark, Size } from '../benchmark.js';
import { judge } from '../measure/judge.js';
import { readable } from '../measure/statistics.js';
import { settleDown, walPosition } from '../measure/wal.js';
import { tableSizes, withoutPageImages, type TableSizes } from '../measure/table-sizes.js';
import { addIntegration, plantClicked, WINDOW } from '../world/integrations.js';
import { loadFacts } from '../world/platform-facts.js';
import { completeRun } from '../world/runs.js';

const SIZE: Record<Size, { rows: number; facts: number }> = {
  smoke: { rows: 200, facts: 100 },
  quick: { rows: 20_000, facts: 10_000 },
  full: { rows: 50_000, facts: 20_000 },
};
const ACCOUNT = 'bench-l';
const WAL_BYTES = 2_500;
const KEPT_BYTES = 1_600;

function describeGrowth(before: TableSizes, after: TableSizes, rows: number): string {
  return [...after]
    .map(([table, bytes]) => ({ table, each: (bytes - (before.get(table) ?? 0)) / rows }))
    .filter(({ each }) => each >= 1)
    .sort((a, b) => b.each - a.each)
    .map(({ table, each }) => `${table} ${Math.round(each)}`)
    .join(', ');
}

const sum = (sizes: TableSizes): number => [...sizes.values()].reduce((total, bytes) => total + bytes, 0);

/**
 * What a pulled conversion that a click attributes costs from its pull to its number in the books. Bytes do not depend
 * on the machine. Images of whole pages are switched off: how many there are depends on how often checkpoints come.
 */
export const bytes: Benchmark = {
  letter: 'l',
  title: 'Bytes of a conversion',
  async run(context) {
    const { size, signal } = context;
    const { rows, facts } = SIZE[size];
    const world = await context.openWorld();
    try {
      const sent = { accountId: ACCOUNT, sentAt: `${WINDOW.from} 00:00Z`, clickedAt: `${WINDOW.from} 00:00Z` };
      await loadFacts(world.db, { ...sent, messages: facts, clicks: facts });
      const pulled = async (count: number): Promise<void> => {
        const integration = await addIntegration(world, ACCOUNT);
        await plantClicked(world, integration, { count, messages: facts, clicks: facts });
        const route = `/v1/integrations/${integration.id}/conversion-syncs`;
        const { run } = await completeRun(world, route, WINDOW, signal);
        if (run.counts['attributed_by_click'] !== count)
          throw new Error('Not every conversion was attributed by its click');
      };
      return await withoutPageImages(world.db, async () => {
        // Tables that are empty at first have pages that are: what a thousand rows leave is left out.
        await pulled(Math.min(rows, 1_000));
        await settleDown(world.db);
        const before = { wal: await walPosition(world.db), tables: await tableSizes(world.db) };
        await pulled(rows);
        const wal = ((await walPosition(world.db)) - before.wal) / rows;
        await settleDown(world.db);
        const after = await tableSizes(world.db);
        const kept = (sum(after) - sum(before.tables)) / rows;
        return [
          {
            what: 'WAL of a conversion that a click attributes',
            goal: `≤ ${readable(WAL_BYTES)} bytes`,
            floor: '',
            measured: `${readable(wal)} bytes`,
            met: judge(wal, { goal: WAL_BYTES }),
            note: `${readable(rows)} rows, each a transaction of its own; from the pull to the number in the books, everything else that the services write meanwhile included, images of whole pages switched off`,
          },
          {
            what: 'Tables and indexes of such a conversion',
            goal: `≤ ${readable(KEPT_BYTES)} bytes`,
            floor: '',
            measured: `${readable(kept)} bytes`,
            met: judge(kept, { goal: KEPT_BYTES }),
            note: `after a plain VACUUM, clicks and messages left out; by table: ${describeGrowth(before.tables, after, rows)}`,
          },
        ];
      });
    } finally {
      await world.stop();
    }
  },
};
