// `npm run check [-- NAME…]`: everything that can be judged without running the program.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { readCommandLine } from './command-line.js';
import { runChecks } from './checks/run-checks.js';

const { positionals } = readCommandLine({
  usage: `npm run check [-- NAME…]

Everything that can be judged without running the program: types, formatting, imports, openapi, dead-code, lint, generated; or
only those that are named.`,
  allowPositionals: true,
});
process.exitCode = await runChecks(path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..'), positionals);
