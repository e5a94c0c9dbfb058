import { expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

const run = (program: string, ...args: string[]) =>
  spawnSync(process.execPath, ['tools/run.mjs', program, ...args], { cwd: ROOT, encoding: 'utf8' });

test.each([
  ['tests/fuzz/main.ts', ['--requests', 'many'], '--requests must be a whole number from 1'],
  ['tests/fuzz/main.ts', ['--seed', '1.5'], '--seed must be a whole number from 0'],
  ['tests/fuzz/main.ts', ['--kills', '3'], "Unknown option '--kills'"],
  ['tests/crash/main.ts', ['--away', 'x'], '--away must be a whole number from 0'],
  ['tests/rate-budget/main.ts', ['--seconds', '0'], '--seconds must be a whole number from 1'],
])('%s refuses %j beside its usage, before anything has begun', (program, args, said) => {
  const { status, stderr, stdout } = run(program, ...args);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain(said);
  expect(stderr).toContain('npm run ');
});
