import { fromPublicId } from '@trackly-tune/domain';
import type { Benchmark, Size } from '../benchmark.js';
import { judge } from '../measure/judge.js';
import { median, readable } from '../measure/statistics.js';
import { settleDown } from '../measure/wal.js';
import { addIntegration, WINDOW } from '../world/integrations.js';
import type { World } from '../world/open-world.js';
import { clickIdOf, loadFacts, messageIdOf } from '../world/platform-facts.js';
import { completeRun } from '../world/runs.js';

const SIZE: Record<Size, { few: number; many: number; messages: number; conversions: number; turns: number }> = {
  smoke: { few: 100, many: 1_000, messages: 100, conversions: 50, turns: 1 },
  quick: { few: 10_000, many: 1_000_000, messages: 10_000, conversions: 1_000, turns: 3 },
  full: { few: 100_000, many: 10_000_000, messages: 100_000, conversions: 1_000, turns: 7 },
};
const BOUNDS = { goal: 1.5 };
const accountOf = (clicks: number): string => `bench-d-${clicks}`;

async function prepare(world: World, messages: number, clicks: number): Promise<void> {
  await loadFacts(world.db, {
    accountId: accountOf(clicks),
    messages,
    clicks,
    sentAt: `${WINDOW.from} 00:00Z`,
    clickedAt: `${WINDOW.from} 00:00Z`,
  });
  await settleDown(world.db);
}

/** Milliseconds from the last page stored to the run's success: settled, numbered, in the books. */
async function attributeOnce(
  world: World,
  options: { clicks: number; messages: number; conversions: number; turn: number; signal: AbortSignal },
): Promise<number> {
  const { clicks, messages, conversions, turn, signal } = options;
  const integration = await addIntegration(world, accountOf(clicks));
  const step = Math.max(1, Math.floor(clicks / conversions));
  await world.simulator.network(integration.networkId).plantConversions({
    count: conversions,
    ...WINDOW,
    clicks: Array.from({ length: Math.min(conversions, clicks) }, (_, index) => {
      const click = (index * step + turn) % clicks;
      return { clickId: clickIdOf(click), messageId: messageIdOf(click % messages) };
    }),
  });
  const { run } = await completeRun(world, `/v1/integrations/${integration.id}/conversion-syncs`, WINDOW, signal);
  const byClick = run.counts['attributed_by_click'] ?? 0;
  if (byClick !== conversions) throw new Error(`${byClick} of ${conversions} conversions found their click`);
  const { rows } = await world.db.query<{ ms: string }>(
    'SELECT extract(epoch FROM finished_at - pulled_at) * 1000 AS ms FROM sync_runs WHERE id = $1',
    [String(fromPublicId('run', run.id) ?? 0n)],
  );
  return Number(rows[0]?.ms);
}

/** A conversion looks its click up by key: how many others are stored must not matter. */
export const manyClicks: Benchmark = {
  letter: 'd',
  title: 'Attribution with many clicks stored against few',
  async run(context) {
    const { size, say, signal } = context;
    const { few, many, messages, conversions, turns } = SIZE[size];
    const small = await context.openWorld();
    const large = await context.openWorld();
    try {
      await prepare(small, messages, few);
      await prepare(large, messages, many);
      const seen = { small: [] as number[], large: [] as number[] };
      for (let turn = 0; turn < turns; turn++) {
        const options = { messages, conversions, turn, signal };
        seen.small.push(await attributeOnce(small, { ...options, clicks: few }));
        seen.large.push(await attributeOnce(large, { ...options, clicks: many }));
        say(`  d: ${readable(seen.small.at(-1) ?? 0)} ms with few, ${readable(seen.large.at(-1) ?? 0)} ms with many`);
      }
      const [smallMs, largeMs] = [median(seen.small), median(seen.large)];
      return [
        {
          what: `Attribution of ${readable(conversions)} conversions, ${readable(many)} clicks / ${readable(few)} clicks`,
          goal: '≤ 1.5',
          floor: '',
          measured: (largeMs / smallMs).toFixed(2),
          met: judge(largeMs / smallMs, BOUNDS),
          note: `medians of ${turns} in turns, from the page stored to the books: ${readable(largeMs)} against ${readable(smallMs)} ms`,
        },
      ];
    } finally {
      await small.stop();
      await large.stop();
    }
  },
};
