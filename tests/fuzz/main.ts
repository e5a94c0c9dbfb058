// `npm run fuzz -- --requests 20000 --seed 7`: the long form of the fuzz of the API. Exit code 0 when no rule is broken.
import { readCommandLine, wholeNumber } from '../../tools/command-line.js';

const USAGE = `npm run fuzz [-- --requests 2000] [--seed N] [--route TEXT]

Asks every route of the API and the postback port for everything, well formed and hostile, while all services work; ends
with 0 when every answer keeps the rules and the books are right afterwards.

  --requests N   how many requests; default 2000
  --seed N       the same choices again; default a random one
  --route TEXT   only routes with this in their name, for example "POST /v1/offers"`;

const { values } = readCommandLine({
  usage: USAGE,
  options: {
    requests: { type: 'string', default: '2000' },
    seed: { type: 'string' },
    route: { type: 'string', default: '' },
  },
});
const requests = wholeNumber('--requests', values.requests, { min: 1, max: 10_000_000, usage: USAGE });
const seed = wholeNumber('--seed', values.seed ?? String(Math.floor(Math.random() * 1_000_000)), {
  ...{ min: 0, max: 1_000_000, usage: USAGE },
});
// Loaded only now: a wrong command line is refused at once.
const { compileSources } = await import('@trackly-tune/launcher');
const { ROOT } = await import('../system/start-services.js');
const { runFuzz } = await import('./run-fuzz.js');
const { tellFuzz } = await import('./tell-fuzz.js');
const beganAt = Date.now();
const since = (): string => `${((Date.now() - beganAt) / 1_000).toFixed(1)} s`;
await compileSources(ROOT);
const report = await runFuzz({ requests, seed, route: values.route, say: (line) => console.log(`${since()} ${line}`) });
console.log(tellFuzz(report));
const count = report.failures.length + report.wrong.length;
console.log(count === 0 ? `Everything is right (seed ${seed}).` : `WRONG: ${count} (see above; seed ${seed})`);
process.exit(count === 0 ? 0 : 1);
