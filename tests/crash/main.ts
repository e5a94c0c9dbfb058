// `npm run crash -- --kills 50 --seed 7`: the long form of the crash test. Exit code 0 when everything is right.
import { readCommandLine } from '../../tools/command-line.js';
import { DISRUPTIONS } from './disruptions.js';
import { createRandom } from './random.js';
import { runCrash } from './run-crash.js';

const { values } = readCommandLine({
  usage: `npm run crash [-- --kills 50] [--seed N] [--away SECONDS]

Everything at once while processes are killed and stores break; ends with 0 when everything is right afterwards.

  --kills N        at least so many SIGKILLs of services; default 50
  --seed N         the same choices again; default a random one
  --away SECONDS   how long a store stays away; default 30`,
  options: {
    kills: { type: 'string', default: '50' },
    seed: { type: 'string' },
    away: { type: 'string', default: '30' },
  },
});
const seed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000));
const kills = Number(values.kills);
if (!Number.isSafeInteger(seed) || !Number.isSafeInteger(kills) || kills < 1) {
  throw new RangeError('--kills and --seed are whole numbers');
}
const random = createRandom(seed);
// Each once, and some of the quick ones again.
const again = DISRUPTIONS.filter((one) => !one.endsWith('-away') && one !== 'freeze-worker');
const disruptions = random.shuffle([...DISRUPTIONS, ...again]);
console.log(`seed ${seed}, ${kills} kills; in between: ${disruptions.join(', ')}`);
const report = await runCrash({
  seed,
  kills,
  disruptions,
  awayMs: Number(values.away) * 1_000,
  messages: 200,
  pauseMs: { from: 300, to: 2_500 },
  say: (line) => console.log(line),
});
console.log(JSON.stringify({ seed, ...report }, null, 2));
console.log(report.wrong.length === 0 ? 'Everything is right.' : `WRONG: ${report.wrong.length} (see above)`);
process.exit(report.wrong.length === 0 ? 0 : 1);
