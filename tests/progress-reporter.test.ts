import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const projectRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

const FILES = {
  'passes.test.js': "test('is right', () => undefined);",
  'fails.test.js': "test('is wrong', () => { throw new Error('seven is not eight'); });",
  'skips.test.js': "test.skip('needs a tool (not installed)', () => undefined);",
  'leaves-open.test.js': "test('is right', () => void setInterval(() => undefined, 1_000));",
};

describe('a run of the tests', () => {
  let folder: string;
  const run = (
    ...words: ({ testEnvironment: string } | keyof typeof FILES)[]
  ): { status: number | null; said: string } => {
    const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
    const environment = words.flatMap((word) =>
      typeof word === 'string'
        ? []
        : ['--testEnvironment', word.testEnvironment, '--testEnvironmentOptions', '{"leftOpenAfterMs":500}'],
    );
    const files = words.filter((word) => typeof word === 'string');
    const { status, stderr } = spawnSync(process.execPath, [jest, '--runInBand', ...environment, ...files], {
      cwd: folder,
      encoding: 'utf8',
      timeout: 50_000,
    });
    return { status, said: stderr };
  };

  beforeAll(() => {
    folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'progress-')));
    const reporter = path.join(projectRoot, 'tests/jest/progress-reporter.mjs');
    const config = { reporters: [[reporter, { leftOpenAfterMs: 1_500 }], 'summary'] };
    writeFileSync(path.join(folder, 'package.json'), '{}');
    writeFileSync(path.join(folder, 'jest.config.json'), JSON.stringify(config));
    for (const [file, text] of Object.entries(FILES)) writeFileSync(path.join(folder, file), text);
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  test('says of each file which of how many it is and how it ended, and why a test failed', () => {
    const { status, said } = run('passes.test.js', 'fails.test.js', 'skips.test.js');
    expect(status).toBe(1);
    expect([...said.matchAll(/^\[(\d)\/3\]/gm)].map(([, number]) => number)).toEqual(['1', '2', '3']);
    expect(said).toMatch(/^\[\d\/3\] PASS passes\.test\.js \(/m);
    expect(said).toMatch(/^\[\d\/3\] FAIL fails\.test\.js \(/m);
    expect(said).toMatch(/^\[\d\/3\] SKIP skips\.test\.js \(/m);
    expect(said).toContain('seven is not eight');
    expect(said).toMatch(/^Tests: +1 failed, 1 skipped, 1 passed, 3 total/m);
  });

  test('names what was skipped, with the reason in its title', () => {
    const { status, said } = run('passes.test.js', 'skips.test.js');
    expect(status).toBe(0);
    expect(said).toContain('SKIPPED, so nothing is known of it here:\n  skips.test.js: needs a tool (not installed)\n');
  });

  test('fails when a test left something open', () => {
    const { status, said } = run('leaves-open.test.js');
    expect(said).toContain('A test left something open');
    expect(status).toBe(1);
  });

  test('names the file that left something open, and what, and goes on with the others', () => {
    const { status, said } = run(
      { testEnvironment: path.join(projectRoot, 'tests/jest/closing-environment.mjs') },
      'leaves-open.test.js',
      'passes.test.js',
    );
    expect(status).toBe(1);
    expect(said).toMatch(/^\[\d\/2\] FAIL leaves-open\.test\.js \(/m);
    expect(said).toContain('The file left something open: 1 Timeout.');
    expect(said).toMatch(/^\[\d\/2\] PASS passes\.test\.js \(/m);
  });

  test('ends by itself when nothing is open', () => {
    const { status, said } = run('passes.test.js');
    expect(status).toBe(0);
    expect(said).not.toContain('left something open');
    expect(said).toContain('✓ is right');
  });
});
