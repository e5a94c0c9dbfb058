import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { lintAllowed, lintPlants } from './lint-plants.js';

const projectRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

interface FileReport {
  filePath: string;
  messages: { ruleId: string | null; message: string }[];
}

/** The project's own configuration, with only the place of the TypeScript program changed. */
const configuration = (workspace: string): string => `
import rules from ${JSON.stringify(pathToFileURL(path.join(projectRoot, 'eslint.config.mjs')).href)};
export default [
  ...rules,
  { files: ['**/*.ts'], languageOptions: { parserOptions: { tsconfigRootDir: ${JSON.stringify(workspace)} } } },
];
`;
const program = {
  compilerOptions: {
    target: 'ES2022',
    module: 'NodeNext',
    strict: true,
    noEmit: true,
    lib: ['ES2023', 'DOM'],
    types: [],
  },
  include: ['packages', 'services', 'tools', 'ambient.d.ts'],
};

describe('lint rules', () => {
  let workspace: string;
  let reports: FileReport[];
  const rulesBrokenBy = (file: string): (string | null)[] => {
    const report = reports.find(({ filePath }) => filePath === path.join(workspace, file));
    if (report === undefined) throw new Error(`${file} was not linted`);
    return [...new Set(report.messages.map(({ ruleId }) => ruleId).filter((rule) => rule !== null))];
  };

  beforeAll(() => {
    workspace = realpathSync(mkdtempSync(path.join(tmpdir(), 'lint-rules-')));
    const write = (file: string, text: string): void => {
      mkdirSync(path.dirname(path.join(workspace, file)), { recursive: true });
      writeFileSync(path.join(workspace, file), text);
    };
    write('eslint.config.mjs', configuration(workspace));
    write('package.json', JSON.stringify({ type: 'module' }));
    write('tsconfig.json', JSON.stringify(program));
    write(
      'ambient.d.ts',
      `declare const process: { env: Record<string, string | undefined>; exitCode: number };
declare module 'node:process' { export function exit(): void; }`,
    );
    for (const { file, text } of lintPlants) write(file, text);
    for (const [file, text] of Object.entries(lintAllowed)) write(file, text);
    const run = spawnSync(
      process.execPath,
      [
        path.join(projectRoot, 'node_modules/eslint/bin/eslint.js'),
        '--format',
        'json',
        'packages',
        'services',
        'tools',
      ],
      { cwd: workspace, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, timeout: 60_000 },
    );
    if (run.stdout === '') throw new Error(`eslint said nothing: ${run.stderr}`);
    reports = JSON.parse(run.stdout) as FileReport[];
  });
  afterAll(() => {
    rmSync(workspace, { recursive: true, force: true });
  });

  test.each(lintPlants)('$rule is broken by $file, and no other rule is', ({ rule, file }) => {
    expect(rulesBrokenBy(file)).toEqual([rule]);
  });

  test.each(Object.keys(lintAllowed))('%s breaks no rule', (file) => {
    expect(rulesBrokenBy(file)).toEqual([]);
  });
});
