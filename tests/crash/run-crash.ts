import { setTimeout as sleep } from 'node:timers/promises';
import { beginFaults, disrupt, killService, type Disruption } from './disruptions.js';
import { createRandom } from './random.js';
import { runUnderLoad, type LoadReport } from './run-under-load.js';

export interface CrashOptions {
  readonly seed: number;
  /** SIGKILLs of services. */
  readonly kills: number;
  /** What else befalls stores and workers in between, in this order. */
  readonly disruptions: readonly Disruption[];
  /** How long a store that goes away stays away. */
  readonly awayMs: number;
  readonly messages: number;
  readonly pauseMs: { readonly from: number; readonly to: number };
  readonly say: (line: string) => void;
}

export interface CrashReport extends LoadReport {
  readonly kills: Readonly<Record<string, number>>;
}

/**
 * Kills processes, breaks stores and lets TUNE answer nonsense while the whole system works, then judges what is left.
 * Nothing in it is told that something will go wrong.
 */
export async function runCrash(options: CrashOptions): Promise<CrashReport> {
  const { seed } = options;
  const random = createRandom(seed);
  const kills: Record<string, number> = {};
  const startedAt = Date.now();
  const say = (line: string): void => options.say(`${((Date.now() - startedAt) / 1000).toFixed(1)} s ${line}`);
  const report = await runUnderLoad({
    ...{ seed, say, messages: options.messages },
    async disturb(world, isBroken) {
      beginFaults(world, seed);
      const disruptions = [...options.disruptions];
      const every = Math.max(1, Math.floor(options.kills / (disruptions.length + 1)));
      for (let killed = 0; killed < options.kills && !isBroken();) {
        await sleep(random.between(options.pauseMs.from, options.pauseMs.to));
        const name = await killService(world, random);
        if (name === null) continue;
        killed += 1;
        kills[name] = (kills[name] ?? 0) + 1;
        say(`kill ${killed}/${options.kills}: ${name}`);
        const next = killed % every === 0 ? disruptions.shift() : undefined;
        if (next === undefined) continue;
        say(next);
        await disrupt(world, next, { awayMs: options.awayMs, random });
      }
    },
  });
  return { ...report, kills };
}
