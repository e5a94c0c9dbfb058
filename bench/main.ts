// `npm run bench`: measures the product against its goals and says so in a table. Ends with 1 when a benchmark fails to
// run; a goal that is missed is a finding, not a failure.
import path from 'node:path';
import { compileSources, untilStopped } from '@trackly-tune/launcher';
import { BENCHMARKS } from './benchmarks.js';
import { describeLoad, describeMachine } from './measure/machine.js';
import { readArguments, USAGE, wantsHelp, type BenchArguments } from './read-arguments.js';
import { findingsTable, type Report } from './report/findings-table.js';
import { writeReport } from './report/write-report.js';
import { openBenchStores } from './world/bench-stores.js';
import { ROOT } from './world/open-world.js';
import { createWorldSource } from './world/world-source.js';

function readCommandLine(): BenchArguments {
  if (wantsHelp(process.argv.slice(2))) {
    console.log(USAGE);
    process.exit(0);
  }
  try {
    return readArguments(
      process.argv.slice(2),
      BENCHMARKS.map(({ letter }) => letter),
    );
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    process.exit(2);
  }
}

const DOCUMENT = path.join(ROOT, 'docs/benchmarks.md');
const { letters, size, write } = readCommandLine();
const { signal } = untilStopped(() => process.exit(1));
const machine = describeMachine();
const say = (line: string): void => console.log(line);
say(`${machine}; size ${size}`);
await compileSources(ROOT);
const stores = await openBenchStores(process.env);
say(`Stores: ${stores.description}`);
const worlds = createWorldSource({ size, stores, say, signal });
const reports: Report[] = [];
let failures = 0;
try {
  for (const benchmark of BENCHMARKS) {
    const { letter, title } = benchmark;
    if (signal.aborted || (letters.length > 0 && !letters.includes(letter))) continue;
    const loadBefore = describeLoad();
    say(`${letter}  ${title} (load ${loadBefore})`);
    try {
      const findings = await benchmark.run({ size, stores, say, signal, openWorld: (wanted) => worlds.open(wanted) });
      reports.push({ letter, title, findings, load: `${loadBefore} before, ${describeLoad()} after` });
      // After each, since a run of all of them is long and may be stopped.
      if (write) writeReport(DOCUMENT, { reports, machine, size, stores: stores.description, at: new Date() });
    } catch (error) {
      failures++;
      console.error(`${letter}  failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
  }
  say(findingsTable(reports));
} finally {
  await worlds.close();
  await stores.stop();
}
process.exit(failures > 0 || signal.aborted ? 1 : 0);
