// `npm run format`: Prettier over everything, or over the files given.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const prettier = path.join(root, 'node_modules/prettier/bin/prettier.cjs');
const targets = process.argv.length > 2 ? process.argv.slice(2) : ['.'];
const run = spawnSync(process.execPath, [prettier, '--write', '--log-level', 'warn', ...targets], {
  cwd: root,
  stdio: 'inherit',
});
process.exitCode = run.status ?? 1;
