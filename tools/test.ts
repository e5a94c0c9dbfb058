// `npm test`: stores for the tests, then Jest with the given arguments, then the stores are gone again. `--changed`
// stands for the tests that the changes since main concern, the nearest of them, as far as a minute goes.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileSources } from '@trackly-tune/launcher';
import { startTestStores } from '@trackly-tune/testing';
import { bundleServices } from './test/bundle-services.js';
import { changedSince } from './test/changed-since.js';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
// Tests start services from what was compiled, as people do; those of whole systems, which start many, from one file each.
const [stores, services] = await Promise.all([
  startTestStores(process.env),
  bundleServices(root),
  compileSources(root),
]);
console.log(`Stores of the tests: ${stores.description}`);
const words = process.argv.slice(2);
const changed = words.includes('--changed') ? changedSince(root) : null;
const jest = spawn(
  process.execPath,
  [
    '--experimental-vm-modules',
    '--no-warnings',
    '--conditions=development',
    createRequire(import.meta.url).resolve('jest/bin/jest'),
    ...words.map((word) => (word === '--changed' && changed !== null ? changed.argument : word)),
  ],
  {
    stdio: 'inherit',
    env: {
      ...process.env,
      ...stores.env,
      TEST_SERVICES: services,
      ...(changed !== null && { TEST_CHANGED_FILES: changed.files.join('\n') }),
    },
  },
);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => jest.kill(signal));
const code = await new Promise<number>((resolve) => jest.once('exit', (status) => resolve(status ?? 1)));
await stores.stop();
process.exit(code);
