// `npm run crash -- --kills 50 --seed 7`: the long form of the crash test. Exit code 0 when everything is right.
import { readCommandLine, wholeNumber } from '../../tools/command-line.js';
import { DISRUPTIONS } from './disruptions.js';
import { createRandom } from './random.js';

const USAGE = `npm run crash [-- --kills 50] [--seed N] [--away SECONDS]

Everything at once while processes are killed and stores break; ends with 0 when everything is right afterwards.

  --kills N        at least so many SIGKILLs of services; default 50
  --seed N         the same choices again; default a random one
  --away SECONDS   how long a store stays away; default 30`;

const { values } = readCommandLine({
  usage: USAGE,
  options: {
    kills: { type: 'string', default: '50' },
    seed: { type: 'string' },
    away: { type: 'string', default: '30' },
  },
});
const seed = wholeNumber('--seed', values.seed ?? String(Math.floor(Math.random() * 1_000_000)), {
  ...{ min: 0, usage: USAGE },
});
const kills = wholeNumber('--kills', values.kills, { min: 1, usage: USAGE });
const awaySeconds = wholeNumber('--away', values.away, { min: 0, max: 600, usage: USAGE });
const random = createRandom(seed);
// Each once, and some of the quick ones again.
const again = DISRUPTIONS.filter((one) => !one.endsWith('-away') && one !== 'freeze-worker');
const disruptions = random.shuffle([...DISRUPTIONS, ...again]);
console.log(`seed ${seed}, ${kills} kills; in between: ${disruptions.join(', ')}`);
// Loaded only now: a wrong command line is refused at once.
const { compileSources } = await import('@trackly-tune/launcher');
const { ROOT } = await import('../system/start-services.js');
const { runCrash } = await import('./run-crash.js');
await compileSources(ROOT);
const report = await runCrash({
  seed,
  kills,
  disruptions,
  awayMs: awaySeconds * 1_000,
  messages: 200,
  pauseMs: { from: 300, to: 2_500 },
  say: (line) => console.log(line),
});
console.log(JSON.stringify({ seed, ...report }, null, 2));
console.log(report.wrong.length === 0 ? 'Everything is right.' : `WRONG: ${report.wrong.length} (see above)`);
process.exit(report.wrong.length === 0 ? 0 : 1);
