import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultDetail } from '@trackly-tune/tune-simulator';
import type { Benchmark, Finding, Size } from '../benchmark.js';
import { cpuSeconds } from '../measure/cpu-time.js';
import { judge } from '../measure/judge.js';
import { forgetPeak, peakMemoryMib } from '../measure/peak-memory.js';
import { median, readable } from '../measure/statistics.js';
import { addIntegration, plant, WINDOW, type BenchIntegration } from '../world/integrations.js';
import { loadFacts } from '../world/platform-facts.js';
import type { World } from '../world/open-world.js';
import { completeRun, type Run } from '../world/runs.js';

interface Sizes {
  readonly rows: number;
  readonly facts: number;
  readonly pairs: number;
  /** Bytes of the longest hostile answers, where nobody hangs up. */
  readonly bytes: number;
}

const SIZE: Record<Size, Sizes> = {
  smoke: { rows: 200, facts: 100, pairs: 1, bytes: 20 * 1024 * 1024 },
  quick: { rows: 10_000, facts: 2_000, pairs: 3, bytes: 1024 ** 3 },
  full: { rows: 20_000, facts: 5_000, pairs: 5, bytes: 1024 ** 3 },
};
const PEAK_BOUNDS = { goal: 350 };
const CPU_BOUNDS = { goal: 3 };
const PROCESSES = ['conversion-sync', 'api', 'tune-simulator'] as const;
const POLL_MS = 200;

/** Ten answers that are hard on their reader, each in a way of its own. */
const hostile = (bytes: number): readonly FaultDetail[] => [
  { bytes },
  { bytes },
  { bytes, filling: 'blanks', packed: true },
  { bytes, filling: 'text', packed: true },
  { bytes: 5_000_000, filling: 'brackets' },
  { bytes: 5_000_000, filling: 'brackets', packed: true },
  { bytes: 15 * 1024 * 1024, filling: 'empty_objects' },
  { bytes: 15 * 1024 * 1024, filling: 'empty_objects', packed: true },
  { bytes: 7 * 1024 * 1024 },
  { bytes: 200_000, pieceBytes: 1 },
];

async function addHostile(world: World, account: string, bytes: number): Promise<BenchIntegration[]> {
  const all: BenchIntegration[] = [];
  for (const detail of hostile(bytes)) {
    const integration = await addIntegration(world, account);
    await world.simulator.faults.set({ network: integration.networkId, kinds: ['huge'], rate: 1, ...detail });
    all.push(integration);
  }
  return all;
}

/** Has every hostile network asked once by a pull, with its repetitions, and once by Test Connection. */
async function askAll(world: World, networks: readonly BenchIntegration[], signal: AbortSignal): Promise<void> {
  const ask = async ({ id }: BenchIntegration): Promise<void> => {
    const [begun] = await Promise.all([
      world.api.post<Run>(`/v1/integrations/${id}/conversion-syncs`, WINDOW),
      world.api.post(`/v1/integrations/${id}/test-connection`),
    ]);
    let run = begun;
    while (run.finished_at === null) {
      await sleep(POLL_MS, undefined, { signal });
      run = await world.api.get<Run>(`/v1/sync-runs/${run.id}`);
    }
    if (run.status === 'succeeded') throw new Error(`A hostile network was pulled: run ${run.id}`);
  };
  await Promise.all(networks.map(ask));
}

/**
 * Networks whose answers are endless, packed a thousand times smaller, or nothing but brackets must neither fill the
 * memory of a process nor slow down the others in it (law 10).
 */
export const hostileAnswers: Benchmark = {
  letter: 'k',
  title: 'Ten hostile networks beside a good one',
  async run({ size, openWorld, say, signal }) {
    const { rows, facts, pairs, bytes } = SIZE[size];
    const world = await openWorld();
    const account = 'bench-k';
    try {
      const sent = { accountId: account, sentAt: `${WINDOW.from} 00:00Z`, clickedAt: `${WINDOW.from} 00:00Z` };
      await loadFacts(world.db, { ...sent, messages: facts, clicks: facts });
      /** Milliseconds, and seconds of processor time of each process meanwhile. */
      const pull = async (): Promise<{ ms: number; cpu: number[] }> => {
        const good = await addIntegration(world, account);
        await plant(world, good, { count: rows, messages: facts, clicks: facts });
        const before = PROCESSES.map((name) => cpuSeconds(world.pid(name)));
        const { ms } = await completeRun(world, `/v1/integrations/${good.id}/conversion-syncs`, WINDOW, signal);
        return { ms, cpu: PROCESSES.map((name, at) => cpuSeconds(world.pid(name)) - (before[at] ?? NaN)) };
      };
      await pull();
      const networks = await addHostile(world, `${account}-hostile`, bytes);
      const alone: Awaited<ReturnType<typeof pull>>[] = [];
      const beside: typeof alone = [];
      const peaks = { 'conversion-sync': 0, api: 0 };
      const services = ['conversion-sync', 'api'] as const;
      for (let pair = 0; pair < pairs; pair++) {
        alone.push(await pull());
        for (const service of services) forgetPeak(world.pid(service));
        const asked = askAll(world, networks, signal);
        beside.push(await pull());
        await asked;
        for (const service of services) {
          peaks[service] = Math.max(peaks[service], peakMemoryMib(world.pid(service)) ?? NaN);
        }
        say(`  k: alone ${readable(alone.at(-1)?.ms ?? NaN)} ms, beside ${readable(beside.at(-1)?.ms ?? NaN)} ms`);
      }
      const ms = (pulls: typeof alone): number => median(pulls.map((one) => one.ms));
      const [pulling = NaN, testing = NaN, sending = NaN] = PROCESSES.map(
        (_, at) => median(beside.map(({ cpu }) => cpu[at] ?? NaN)) - median(alone.map(({ cpu }) => cpu[at] ?? NaN)),
      );
      return [
        ...services.map((service): Finding => {
          const peak = peaks[service];
          return {
            what: `Peak memory of ${service} while ten hostile answers are read`,
            goal: '≤ 350 MiB',
            floor: '',
            measured: Number.isFinite(peak) ? `${readable(peak)} MiB` : 'not known here',
            met: Number.isFinite(peak) ? judge(peak, PEAK_BOUNDS) : null,
            note: `resident, the highest of ${pairs} turns`,
          };
        }),
        {
          what: 'Processor time that ten hostile networks cost conversion-sync beside the pull of a good one',
          goal: '≤ 3 s',
          floor: '',
          measured: Number.isFinite(pulling) ? `${readable(pulling)} s` : 'not known here',
          met: Number.isFinite(pulling) ? judge(pulling, CPU_BOUNDS) : null,
          note: `medians of ${pairs}, repetitions included; Test Connection cost the API ${readable(testing)} s, and sending all of it the simulated TUNE ${readable(sending)} s`,
        },
        {
          what: 'Pull of a good network beside ten hostile ones / alone',
          goal: '',
          floor: '',
          measured: (ms(beside) / ms(alone)).toFixed(2),
          met: null,
          note: `medians of ${pairs}, ${readable(rows)} rows each: ${readable(ms(beside))} against ${readable(ms(alone))} ms; who sends the hostile answers shares the machine here, so this is a ceiling`,
        },
      ];
    } finally {
      await world.stop();
    }
  },
};
