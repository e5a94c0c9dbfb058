import type { Benchmark, BenchContext, Size } from '../benchmark.js';
import { judge } from '../measure/judge.js';
import { forgetPeak, peakMemoryMib } from '../measure/peak-memory.js';
import { readable } from '../measure/statistics.js';
import { addIntegration, plant, WINDOW } from '../world/integrations.js';
import { loadFacts } from '../world/platform-facts.js';
import { completeRun } from '../world/runs.js';

const SIZE: Record<Size, { few: number; many: number; facts: number }> = {
  smoke: { few: 100, many: 1_000, facts: 100 },
  quick: { few: 10_000, many: 50_000, facts: 5_000 },
  full: { few: 10_000, many: 1_000_000, facts: 20_000 },
};
const BOUNDS = { goal: 1.3 };
const SERVICES = ['api', 'conversion-sync', 'attribution', 'offer-sync'];

/** The peak of each service while one window of so many rows is pulled, by processes that did nothing before. */
async function peaksOf(context: BenchContext, rows: number, facts: number): Promise<Map<string, number>> {
  const world = await context.openWorld();
  const accountId = `bench-c-${rows}`;
  try {
    const sent = { accountId, sentAt: `${WINDOW.from} 00:00Z`, clickedAt: `${WINDOW.from} 00:00Z` };
    await loadFacts(world.db, { ...sent, messages: facts, clicks: facts });
    const integration = await addIntegration(world, accountId);
    await plant(world, integration, { count: rows, messages: facts, clicks: facts });
    for (const service of SERVICES) forgetPeak(world.pid(service));
    const route = `/v1/integrations/${integration.id}/conversion-syncs`;
    const { ms } = await completeRun(world, route, WINDOW, context.signal);
    context.say(`  c: ${readable(rows)} rows in ${readable(ms / 1000)} s`);
    return new Map(SERVICES.map((service) => [service, peakMemoryMib(world.pid(service)) ?? 0]));
  } finally {
    await world.stop();
  }
}

/** A window of any size is worked on page by page: memory must not follow its length (law 10). */
export const memory: Benchmark = {
  letter: 'c',
  title: 'Peak memory for a long window against a short one',
  async run(context) {
    const { few, many, facts } = SIZE[context.size];
    const small = await peaksOf(context, few, facts);
    const large = await peaksOf(context, many, facts);
    return SERVICES.map((service) => {
      const [a, b] = [small.get(service) ?? 0, large.get(service) ?? 0];
      const ratio = b / a;
      return {
        what: `Peak memory of ${service}, ${readable(many)} rows / ${readable(few)} rows`,
        goal: '≤ 1.3',
        floor: '',
        measured: Number.isFinite(ratio) ? ratio.toFixed(2) : 'not known here',
        met: Number.isFinite(ratio) ? judge(ratio, BOUNDS) : null,
        note: `${readable(b)} MiB against ${readable(a)} MiB resident, one run each in fresh processes`,
      };
    });
  },
};
