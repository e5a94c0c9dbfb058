import { setTimeout as sleep } from 'node:timers/promises';
import { feedFollower, impatientPuller, latePlatform, livelyNetwork, type Actor, type Tally } from './actors.js';
import { openCrashWorld } from './crash-world.js';
import { beginFaults, disruptStore, killService, type StoreDisruption } from './disruptions.js';
import { createRandom } from './random.js';
import { judgeCrash, type CrashVerdict } from './judge-crash.js';

export interface CrashOptions {
  readonly seed: number;
  /** SIGKILLs of services. */
  readonly kills: number;
  /** What befalls the stores in between, in this order. */
  readonly disruptions: readonly StoreDisruption[];
  /** How long a store that goes away stays away. */
  readonly awayMs: number;
  readonly messages: number;
  readonly pauseMs: { readonly from: number; readonly to: number };
  readonly say: (line: string) => void;
}

export interface CrashReport extends CrashVerdict {
  readonly kills: Readonly<Record<string, number>>;
  readonly faults: Readonly<Record<string, number | undefined>>;
  readonly tally: Omit<Tally, 'followed'>;
}

/**
 * Lets the whole system work while its processes are killed, its stores break and TUNE answers nonsense; then lets it
 * come to rest and judges what is left. Nothing in it is told that something will go wrong.
 */
export async function runCrash(options: CrashOptions): Promise<CrashReport> {
  const { seed, say } = options;
  const random = createRandom(seed);
  const tally: Tally = {
    ...{ facts: 0, conversions: 0, changes: 0, pullsAsked: 0, postbacks: 0, postbacksSentAgain: 0 },
    followed: [],
  };
  const startedAt = Date.now();
  const at = (): string => `${((Date.now() - startedAt) / 1000).toFixed(1)} s`;
  const world = await openCrashWorld(options.messages);
  try {
    say(`${at()} the services are up, the integrations are connected`);
    beginFaults(world, seed);
    let over = false;
    let failed = false;
    const actors: Actor[] = world.networks.flatMap((network, index) => [
      latePlatform(world, network, createRandom(seed + 100 + index), tally),
      livelyNetwork(network, createRandom(seed + 200 + index), tally),
      impatientPuller(world, network, createRandom(seed + 300 + index), tally),
    ]);
    actors.push(feedFollower(world, createRandom(seed + 400), tally));
    const acting = Promise.all(actors.map((actor) => actor.run(() => over)));
    // Looked at when everything is over; until then a failed actor ends the killing.
    acting.catch(() => (failed = true));

    const kills: Record<string, number> = {};
    let killed = 0;
    const disruptions = [...options.disruptions];
    const every = Math.max(1, Math.floor(options.kills / (disruptions.length + 1)));
    while (killed < options.kills && !failed) {
      await sleep(random.between(options.pauseMs.from, options.pauseMs.to));
      const name = await killService(world, random);
      if (name === null) continue;
      killed += 1;
      kills[name] = (kills[name] ?? 0) + 1;
      say(`${at()} kill ${killed}/${options.kills}: ${name}`);
      const next = killed % every === 0 ? disruptions.shift() : undefined;
      if (next === undefined) continue;
      say(`${at()} ${next}`);
      await disruptStore(world, next, options.awayMs);
    }
    over = true;
    world.simulator.faults.clear();
    await acting;
    say(`${at()} nothing more is broken; the books come to rest`);
    const verdict = await judgeCrash(world, tally, say);
    return { ...verdict, kills, faults: world.simulator.faults.met(), tally: withoutFeed(tally) };
  } finally {
    await world.close();
  }
}

function withoutFeed({ followed: _followed, ...counts }: Tally): Omit<Tally, 'followed'> {
  return counts;
}
