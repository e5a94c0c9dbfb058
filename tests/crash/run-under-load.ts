import {
  feedFollower,
  impatientPuller,
  latePlatform,
  livelyNetwork,
  type Actor,
  type oneAfterTheOther,
  type Tally,
} from './actors.js';
import { openCrashWorld, type CrashWorld, type CrashWorldOptions } from './crash-world.js';
import { judgeCrash, type CrashVerdict } from './judge-crash.js';
import { createRandom } from './random.js';

export interface LoadReport extends CrashVerdict {
  readonly faults: Readonly<Record<string, number | undefined>>;
  readonly tally: Omit<Tally, 'followed'>;
}

/**
 * Lets the whole system work: facts arrive late, conversions and changes go on, postbacks and pulls are asked for, the
 * feed is followed. `disturb` does what it likes in the middle of it; then everything comes to rest and is judged.
 *
 * @param options.disturb ends early when `isBroken` says that an actor has failed
 */
export async function runUnderLoad(options: {
  /** Default: the services of today. */
  world?: CrashWorldOptions;
  seed: number;
  /** Messages of each network. */
  messages: number;
  say: (line: string) => void;
  disturb: (world: CrashWorld, isBroken: () => boolean, tally: Readonly<Tally>) => Promise<void>;
  /** When the conversions that keep coming happened; default anywhere in five days. */
  periodOf?: typeof oneAfterTheOther;
}): Promise<LoadReport> {
  const { seed, say } = options;
  const tally: Tally = {
    ...{ facts: 0, conversions: 0, changes: 0, pullsAsked: 0, postbacks: 0, postbacksSentAgain: 0 },
    followed: [],
  };
  const world = await openCrashWorld(options.messages, options.world);
  try {
    say('the services are up, the integrations are connected');
    let over = false;
    let broken = false;
    const actors: Actor[] = world.networks.flatMap((network, index) => [
      latePlatform(world, network, createRandom(seed + 100 + index), tally),
      livelyNetwork(network, createRandom(seed + 200 + index), tally, options),
      impatientPuller(world, network, createRandom(seed + 300 + index), tally),
    ]);
    actors.push(feedFollower(world, createRandom(seed + 400), tally));
    const acting = Promise.all(actors.map((actor) => actor.run(() => over)));
    // Looked at when everything is over; until then it ends the disturbance.
    acting.catch(() => (broken = true));
    await options.disturb(world, () => broken, tally);
    over = true;
    world.simulator.faults.clear();
    await acting;
    say('nothing more is disturbed; the books come to rest');
    const verdict = await judgeCrash(world, tally, say);
    const { followed: _followed, ...counts } = tally;
    return { ...verdict, faults: world.simulator.faults.met(), tally: counts };
  } finally {
    await world.close();
  }
}
