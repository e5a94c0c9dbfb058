import { setTimeout as sleep } from 'node:timers/promises';
import type { Benchmark, Finding, Size } from '../benchmark.js';
import { judge } from '../measure/judge.js';
import { median, percentile, readable } from '../measure/statistics.js';
import { addIntegration, daysAgo, type BenchIntegration } from '../world/integrations.js';
import type { World } from '../world/open-world.js';
import { completeRun, msBetween, type Run } from '../world/runs.js';

interface Sizes {
  readonly rows: number;
  readonly days: number;
  readonly syncs: number;
  readonly blocks: number;
  /** Milliseconds that each answer of TUNE takes. */
  readonly latencyMs: number;
  readonly pauseMs: number;
}

const SIZE: Record<Size, Sizes> = {
  smoke: { rows: 200, days: 20, syncs: 2, blocks: 1, latencyMs: 0, pauseMs: 0 },
  quick: { rows: 60_000, days: 300, syncs: 5, blocks: 2, latencyMs: 500, pauseMs: 500 },
  full: { rows: 150_000, days: 700, syncs: 10, blocks: 3, latencyMs: 500, pauseMs: 500 },
};
/** The default of the product, so that a backfill has what live syncs leave and no more. */
const RATE_LIMIT = '30/10';
const BOUNDS = { goal: 1.2 };
const ACCOUNT = 'bench-j';
const FIRST_DAY_AGO = 8;
const POLL_MS = 50;

interface Waits {
  /** Milliseconds from the request to the start of the pull. */
  readonly startMs: number[];
  readonly wholeMs: number[];
}

async function syncOnce(world: World, { id }: BenchIntegration, waits: Waits, signal: AbortSignal): Promise<void> {
  const window = { from: daysAgo(1), to: daysAgo(1) };
  const { run, ms } = await completeRun(world, `/v1/integrations/${id}/conversion-syncs`, window, signal);
  waits.startMs.push(msBetween(run.queued_at, run.started_at));
  waits.wholeMs.push(ms);
}

/** Starts a backfill and waits until it has begun. */
async function beginBackfill(world: World, { id }: BenchIntegration, days: number, signal: AbortSignal): Promise<Run> {
  const window = { from: daysAgo(FIRST_DAY_AGO + days), to: daysAgo(FIRST_DAY_AGO) };
  let run = await world.api.post<Run>(`/v1/integrations/${id}/backfills`, window);
  while (run.status === 'queued') {
    await sleep(POLL_MS, undefined, { signal });
    run = await world.api.get<Run>(`/v1/sync-runs/${run.id}`);
  }
  return run;
}

/**
 * A backfill of months runs beside the hourly pulls, of its own network and of others, and must not be felt there. TUNE
 * takes its time here, and the rate budget is the default one: both are what a backfill and a live sync share.
 */
export const backfill: Benchmark = {
  letter: 'j',
  title: 'Live syncs beside a backfill',
  async run(context) {
    const { size, say, signal } = context;
    const { rows, days, syncs, blocks, latencyMs, pauseMs } = SIZE[size];
    const world = await context.openWorld({ rateLimit: RATE_LIMIT });
    try {
      const other = await addIntegration(world, ACCOUNT, { latencyMs });
      const none = (): Waits => ({ startMs: [], wholeMs: [] });
      const alone = { same: none(), other: none() };
      const beside = { same: none(), other: none() };
      let ran = 0;
      for (let block = 0; block < blocks; block++) {
        // A network of its own for each block, so that each backfill has everything to do.
        const same = await addIntegration(world, ACCOUNT, { latencyMs });
        await world.simulator.network(same.networkId).plantConversions({
          count: rows,
          from: daysAgo(FIRST_DAY_AGO + days),
          to: daysAgo(1),
        });
        const measure = async (into: { same: Waits; other: Waits }): Promise<void> => {
          for (let sync = 0; sync < syncs; sync++) {
            for (const [network, waits] of [
              [same, into.same],
              [other, into.other],
            ] as const) {
              await syncOnce(world, network, waits, signal);
              await sleep(pauseMs, undefined, { signal });
            }
          }
        };
        await measure(alone);
        const run = await beginBackfill(world, same, days, signal);
        await measure(beside);
        const { status } = await world.api.get<Run>(`/v1/sync-runs/${run.id}`);
        if (status === 'running') {
          ran++;
          await world.api.post(`/v1/sync-runs/${run.id}/cancel`);
        }
      }
      say(`  j: the backfill outlasted the syncs in ${ran} of ${blocks} blocks`);
      return (['same', 'other'] as const).map((which): Finding => {
        const [before, during] = [alone[which], beside[which]];
        const ratio = median(during.startMs) / Math.max(1, median(before.startMs));
        const whole = `${readable(median(during.wholeMs))} against ${readable(median(before.wholeMs))} ms`;
        return {
          what: `Start of a live sync of ${which === 'same' ? 'the same' : 'another'} network, with / without a backfill`,
          goal: '≤ 1.2',
          floor: '',
          measured: ratio.toFixed(2),
          met: judge(ratio, BOUNDS),
          note: `medians of ${during.startMs.length}: ${readable(median(during.startMs))} against ${readable(median(before.startMs))} ms from the request (p95 ${readable(percentile(during.startMs, 0.95))} against ${readable(percentile(before.startMs, 0.95))} ms); until in the books ${whole}; the backfill ran to the end of ${ran} of ${blocks} blocks`,
        };
      });
    } finally {
      await world.stop();
    }
  },
};
