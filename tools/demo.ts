// `npm run demo [-- --once]`: the whole way through without configuration, then it stays up. With --once it ends: 0 when
// the books agree with the networks', 1 when they do not or something fails.
import { once } from 'node:events';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { untilStopped } from '@trackly-tune/launcher';
import { readCommandLine } from './command-line.js';
import { launchDemo, type DemoProcesses } from './demo/launch-demo.js';
import { walkThrough } from './demo/walk-through.js';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const { values } = readCommandLine({
  usage: `npm run demo [-- --once]

Goes the whole way with two simulated networks, from the connection to books that equal the networks' own, and then
stays up with the URLs to look around. It begins with empty books in DATA_DIR/demo and needs no configuration.

  --once   end afterwards: 0 when the books agree, 1 when they do not or something fails`,
  options: { once: { type: 'boolean', default: false } },
});
const endAfterwards = values.once;
const TIME_LIMIT_MS = 5 * 60_000;
let processes: DemoProcesses | undefined;
const { signal } = untilStopped(() => {
  processes?.launched.kill();
  process.exit(1);
});
let exitCode = 1;
try {
  console.log('Starting PostgreSQL, Redis, a simulated TUNE and the services …');
  processes = await launchDemo(root, process.env.DATA_DIR?.trim() || '.trackly-tune', (line) => console.log(line));
  const { launched, simulatorUrl, logFile } = processes;
  const limit = AbortSignal.any([signal, AbortSignal.timeout(TIME_LIMIT_MS)]);
  const refused = launched.refused.then((name) => {
    throw new Error(`${name} cannot use its configuration; see ${logFile}`);
  });
  refused.catch(() => undefined);
  exitCode = (await Promise.race([
    walkThrough({ apiUrl: launched.apiUrl, apiKey: processes.apiKey, simulatorUrl }, limit),
    refused,
  ]))
    ? 0
    : 1;
  if (!endAfterwards && !signal.aborted) {
    console.log(`
API        ${launched.apiUrl}/v1
docs       ${launched.apiUrl}/docs
queues     ${launched.apiUrl}/admin/queues
simulator  ${simulatorUrl}/_control/networks
logs       ${logFile}

  curl -H "X-Api-Key: $(cat '${launched.apiKeyFile ?? ''}')" '${launched.apiUrl}/v1/revenue?account_id=acme&group_by=offer'

Everything stays up; Ctrl-C stops it. The next start begins with empty books.`);
    await once(signal, 'abort');
  }
} catch (error) {
  if (!signal.aborted) {
    console.error(`\nThe demo failed: ${error instanceof Error ? error.message : String(error)}`);
    if (processes) console.error(`What the services said stands in ${processes.logFile}`);
  }
} finally {
  await processes?.launched.stop();
}
process.exit(exitCode);
