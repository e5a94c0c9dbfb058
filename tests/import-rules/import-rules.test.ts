import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { plantWorkspace } from './plant-workspace.js';
import { allowed, plants } from './plants.js';

const projectRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const rulesFile = path.join(projectRoot, '.dependency-cruiser.cjs');

interface Cruise {
  modules: { source: string }[];
  summary: { violations: { from: string; rule: { name: string } }[] };
}

/** Runs dependency-cruiser's command line with the project's own rules over a workspace. */
function cruise(workspace: string, folders: readonly string[]): Cruise {
  const command = path.join(projectRoot, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const run = spawnSync(process.execPath, [command, '--config', rulesFile, '--output-type', 'json', '--', ...folders], {
    cwd: workspace,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    timeout: 60_000,
  });
  if (run.stdout === '') throw new Error(`dependency-cruiser said nothing: ${run.stderr}`);
  return JSON.parse(run.stdout) as Cruise;
}

describe('import rules', () => {
  let workspace: string;
  let result: Cruise;
  const rulesBrokenBy = (file: string): string[] => [
    ...new Set(result.summary.violations.filter(({ from }) => from === file).map(({ rule }) => rule.name)),
  ];

  beforeAll(() => {
    workspace = realpathSync(mkdtempSync(path.join(tmpdir(), 'import-rules-')));
    const planted = plants.map((plant) => ({ [plant.file]: plant.text, ...plant.beside }));
    plantWorkspace(workspace, Object.assign({}, allowed, ...planted) as Record<string, string>);
    result = cruise(workspace, ['packages', 'services', 'tests', 'tools']);
  });
  afterAll(() => {
    rmSync(workspace, { recursive: true, force: true });
  });

  test.each(plants)('$rule is broken by $file, and no other rule is', ({ rule, file }) => {
    expect(rulesBrokenBy(file)).toEqual([rule]);
  });

  test.each(Object.keys(allowed))('%s breaks no rule', (file) => {
    expect(result.modules.map((module) => module.source)).toContain(file);
    expect(rulesBrokenBy(file)).toEqual([]);
  });

  test('each rule has a plant, and each plant a rule', () => {
    const rules = createRequire(import.meta.url)(rulesFile) as { forbidden: { name: string; severity: string }[] };
    expect(new Set(plants.map((plant) => plant.rule))).toEqual(new Set(rules.forbidden.map((rule) => rule.name)));
    expect(rules.forbidden.filter((rule) => rule.severity !== 'error')).toEqual([]);
  });

  test('no two plants write the same file', () => {
    const files = [
      ...plants.flatMap((plant) => [plant.file, ...Object.keys(plant.beside ?? {})]),
      ...Object.keys(allowed),
    ];
    expect(files.filter((file, index) => files.indexOf(file) !== index)).toEqual([]);
  });

  test('the planted packages are named as the real ones', () => {
    const names = [
      'domain',
      'database',
      'queues',
      'tune-client',
      'tune-simulator',
      'embedded-stores',
      'launcher',
      'testing',
    ];
    for (const name of names) {
      const manifest = JSON.parse(
        readFileSync(path.join(projectRoot, 'packages', name, 'package.json'), 'utf8'),
      ) as unknown;
      expect(manifest).toMatchObject({ name: `@trackly-tune/${name}` });
    }
  });
});
