// `npm run rate -- --seconds 40`: how much of the rate budget four worker processes use, and whether networks that
// hang delay another. Exit code 0 when no window held too many calls and the other network was not delayed.
import { readCommandLine, wholeNumber } from '../../tools/command-line.js';

const HANGING = 20;
const HEALTHY_SECONDS_MAX = 30;

const USAGE = `npm run rate [-- --seconds 40]

Proves the rate budget with four worker processes on one network, then a pull beside networks that hang.

  --seconds N   how long to measure; default 40`;

const { values } = readCommandLine({ usage: USAGE, options: { seconds: { type: 'string', default: '40' } } });
const seconds = wholeNumber('--seconds', values.seconds, { min: 1, max: 3_600, usage: USAGE });
const limit = { calls: 30, seconds: 10 };
// Loaded only now: a wrong command line is refused at once.
const { compileSources } = await import('@trackly-tune/launcher');
const { openOwnStores } = await import('../system/own-stores.js');
const { ROOT } = await import('../system/start-services.js');
const { pullBesideHanging } = await import('./hanging-networks.js');
const { measureBudget } = await import('./measure-budget.js');
await compileSources(ROOT);
const stores = await openOwnStores();
let right: boolean;
try {
  const at = { databaseUrl: stores.postgres.url, redisUrl: stores.redis.url };
  const measured = await measureBudget({ ...at, queuePrefix: 'rate', limit, seconds });
  console.log(JSON.stringify(measured));
  const beside = await pullBesideHanging({ ...at, queuePrefix: 'hanging', hanging: HANGING });
  console.log(JSON.stringify(beside));
  right = measured.worstWindow <= limit.calls && beside.status === 'succeeded' && beside.seconds < HEALTHY_SECONDS_MAX;
} finally {
  await stores.close();
}
console.log(right ? 'Everything is right.' : 'WRONG (see above)');
process.exit(right ? 0 : 1);
