// `npm test`: stores for the tests, then Jest with the given arguments, then the stores are gone again. `--changed`
// stands for the tests that the changes since main concern.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileSources } from '@trackly-tune/launcher';
import { startTestStores } from '@trackly-tune/testing';
import { changedSince } from './test/changed-since.js';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
// Tests start services as people do: from what was compiled.
const [stores] = await Promise.all([startTestStores(process.env), compileSources(root)]);
console.log(`Stores of the tests: ${stores.description}`);
const jest = spawn(
  process.execPath,
  [
    '--experimental-vm-modules',
    '--no-warnings',
    '--conditions=development',
    createRequire(import.meta.url).resolve('jest/bin/jest'),
    ...process.argv.slice(2).map((word) => (word === '--changed' ? changedSince(root) : word)),
  ],
  { stdio: 'inherit', env: { ...process.env, ...stores.env } },
);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => jest.kill(signal));
const code = await new Promise<number>((resolve) => jest.once('exit', (status) => resolve(status ?? 1)));
await stores.stop();
process.exit(code);
