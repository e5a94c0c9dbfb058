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
  modules: { source: string; dependencies: { module: string; resolved: string }[] }[];
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

/** Imported by no one, and each would break a rule. */
const built = { 'services/api/dist/enqueues.js': "import 'bullmq';", 'packages/queues/dist/worker.js': "import 'pg';" };

describe('import rules', () => {
  let workspace: string;
  let result: Cruise;
  const rulesBrokenBy = (file: string): string[] => [
    ...new Set(result.summary.violations.filter(({ from }) => from === file).map(({ rule }) => rule.name)),
  ];

  beforeAll(() => {
    workspace = realpathSync(mkdtempSync(path.join(tmpdir(), 'import-rules-')));
    const planted = plants.map((plant) => ({ [plant.file]: plant.text, ...plant.beside }));
    plantWorkspace(workspace, Object.assign({}, allowed, built, ...planted) as Record<string, string>);
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

  test('what our own build wrote is left out', () => {
    const sources = result.modules.map((module) => module.source);
    expect(sources.filter((source) => Object.hasOwn(built, source))).toEqual([]);
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

/** The libraries that a source names in its import and export clauses; our own packages and Node.js's modules are none. */
function librariesNamedIn(source: string): string[] {
  const clauses = readFileSync(path.join(projectRoot, source), 'utf8').matchAll(
    /^(?:import|export|\})\s?(?:[^'"`;]*\sfrom\s)?'([^'.][^']*)';$/gm,
  );
  return [...clauses]
    .map(([, name = '']) => name)
    .filter((name) => !name.startsWith('node:') && !name.startsWith('@trackly-tune/'));
}

describe('a cruise of the project itself', () => {
  let result: Cruise;
  beforeAll(() => {
    result = cruise(projectRoot, ['packages', 'services']);
  });

  test("sees BullMQ in the queues' worker, Kysely in the database and the type provider in the API", () => {
    const resolvedOf = (source: string): string[] =>
      (result.modules.find((module) => module.source === source)?.dependencies ?? []).map(({ resolved }) => resolved);
    expect(resolvedOf('packages/queues/src/worker.ts')).toContainEqual(expect.stringContaining('node_modules/bullmq/'));
    expect(
      result.modules.flatMap(({ source }) => (source.startsWith('packages/database/src/') ? resolvedOf(source) : [])),
    ).toContainEqual(expect.stringContaining('node_modules/kysely/'));
    expect(
      result.modules.flatMap(({ source }) => (source.startsWith('services/api/src/') ? resolvedOf(source) : [])),
    ).toContainEqual(expect.stringContaining('node_modules/fastify-type-provider-zod/'));
  });

  test('sees every library that a source names', () => {
    const sources = result.modules.filter(({ source }) => /^(packages|services)\/.*[.]ts$/.test(source));
    const unseen = sources.flatMap(({ source, dependencies }) =>
      librariesNamedIn(source)
        .filter((name) => !dependencies.some((dependency) => dependency.module === name))
        .map((name) => `${source}: ${name}`),
    );
    expect(sources.length).toBeGreaterThan(300);
    expect(sources.flatMap(({ source }) => librariesNamedIn(source)).length).toBeGreaterThan(200);
    expect(unseen).toEqual([]);
  });
});
