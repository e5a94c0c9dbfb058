// `npm run format`: Prettier over everything, or over the files given.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { readCommandLine } from './command-line.js';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const prettier = path.join(root, 'node_modules/prettier/bin/prettier.cjs');
const { positionals } = readCommandLine({
  usage: 'npm run format [-- FILE…]\n\nFormats everything, or the files that are named.',
  allowPositionals: true,
});
const targets = positionals.length > 0 ? positionals : ['.'];
const run = spawnSync(process.execPath, [prettier, '--write', '--log-level', 'warn', ...targets], {
  cwd: root,
  stdio: 'inherit',
});
process.exitCode = run.status ?? 1;
