// `npm run check [-- NAME…]`: everything that can be judged without running the program.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runChecks } from './checks/run-checks.js';

process.exitCode = await runChecks(
  path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..'),
  process.argv.slice(2),
);
