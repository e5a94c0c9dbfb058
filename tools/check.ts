// `npm run check`: everything that can be judged without running the program.
import { spawnSync } from 'node:child_process';
import path from 'node:path';

const bin = (name: string): string => path.join('node_modules/.bin', name);
const checks: readonly (readonly [name: string, command: string, args: readonly string[]])[] = [
  ['types', bin('tsc'), ['-p', 'tsconfig.json']],
  ['formatting', bin('prettier'), ['--check', '--log-level', 'warn', '.']],
];

let failed = false;
for (const [name, command, args] of checks) {
  const startedMs = performance.now();
  const result = spawnSync(command, args, { encoding: 'utf8' });
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  const fine = result.status === 0;
  console.log(`${name}: ${fine ? 'ok' : 'FAILED'} (${seconds} s)`);
  if (!fine) console.log(result.stdout + result.stderr);
  failed ||= !fine;
}
process.exit(failed ? 1 : 0);
