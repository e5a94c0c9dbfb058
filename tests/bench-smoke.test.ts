import { describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const TIMEOUT_MS = 600_000;

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** Runs the benchmarks as a person does, on the stores of the tests. */
function runBench(words: readonly string[]): Promise<Ended> {
  const program = path.join(root, 'bench/main.ts');
  const child = spawn(process.execPath, ['--conditions=development', '--import', 'tsx', program, ...words], {
    cwd: root,
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      BENCH_DATABASE_URL: process.env.TEST_DATABASE_URL,
      BENCH_REDIS_URL: process.env.TEST_REDIS_URL,
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (output += text.toString()));
  return new Promise((resolve) => child.once('exit', (code) => resolve({ code, output })));
}

describe('benchmarks', () => {
  test(
    'every benchmark runs at its smallest size, checks what it measured, and stands in the table',
    async () => {
      const { code, output } = await runBench(['--smoke']);
      const letters = new Set([...output.matchAll(/^│ ([a-z]) │/gm)].map(([, letter]) => letter));
      // With all it said where it failed.
      expect(code === 0 ? '' : output).toBe('');
      expect([...letters].sort()).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n']);
    },
    TIMEOUT_MS,
  );

  test('a benchmark that does not exist is refused before anything is started', async () => {
    const { code, output } = await runBench(['zz']);
    expect({ code, output }).toMatchObject({ code: 2, output: expect.stringContaining('zz is no benchmark') });
  });
});
