import { describe, expect, test } from '@jest/globals';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const projectRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const LINES_MAX = 400;
const NOT_OURS = new Set(['node_modules', 'dist', 'coverage', 'generated', 'data']);
const FOLDERS = ['packages', 'services', 'tests', 'tools', 'bench', 'docs'].filter((folder) =>
  existsSync(path.join(projectRoot, folder)),
);
/** Put together here so that this file does not break its own rule. */
const UNFINISHED_OR_EXCUSED = [
  ['TO', 'DO'],
  ['FIX', 'ME'],
  ['eslint-', 'disable'],
  ['@ts-', 'ignore'],
  ['@ts-', 'nocheck'],
].map((parts) => parts.join(''));
/** Generated from the migrations. */
const SCHEMA_DUMP = 'packages/database/schema.sql';
const NAMES_OF_BUCKETS = /^(utils?|common|helpers?|managers?|misc|shared|lib)$/;

/** Every file of the project below a folder, as paths from the root; what is installed or generated is left out. */
function listFiles(folder: string): string[] {
  return readdirSync(path.join(projectRoot, folder), { withFileTypes: true }).flatMap((entry) => {
    const file = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return NOT_OURS.has(entry.name) ? [] : listFiles(file);
    return entry.isFile() ? [file] : [];
  });
}

const read = (file: string): string => readFileSync(path.join(projectRoot, file), 'utf8');
const files = FOLDERS.flatMap(listFiles);
const sources = files.filter((file) => /\.(ts|mts|mjs|cjs|js|sql)$/.test(file) && file !== SCHEMA_DUMP);

/** The words of a name: `planWindow`, `plan-window.test.ts` and `plan_window` are plan and window. */
const wordsOf = (name: string): string[] =>
  name
    .replace(/([a-z])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .split(/[^a-z]+/);

describe('house style', () => {
  test('the sources are found', () => {
    expect(sources.length).toBeGreaterThan(50);
  });

  test(`no source file is longer than ${LINES_MAX} lines`, () => {
    const long = sources
      .map((file) => ({ file, lines: read(file).trimEnd().split('\n').length }))
      .filter(({ lines }) => lines > LINES_MAX);
    expect(long).toEqual([]);
  });

  test('no file or folder is a bucket for things without a place', () => {
    const buckets = files.filter((file) =>
      file.split('/').some((part) => wordsOf(part).some((word) => NAMES_OF_BUCKETS.test(word))),
    );
    expect(buckets).toEqual([]);
  });

  test('no source is left unfinished or excused from a check', () => {
    const found = sources.flatMap((file) =>
      read(file)
        .split('\n')
        .flatMap((line, index) =>
          UNFINISHED_OR_EXCUSED.filter((word) => line.includes(word)).map((word) => `${file}:${index + 1} ${word}`),
        ),
    );
    expect(found).toEqual([]);
  });

  test('every package takes its versions from the catalog or the workspace', () => {
    const manifests = ['package.json', ...files.filter((file) => path.basename(file) === 'package.json')];
    expect(manifests.length).toBeGreaterThan(10);
    const elsewhere = manifests.flatMap((file) => {
      const manifest = JSON.parse(read(file)) as Record<string, Record<string, string> | undefined>;
      return ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'].flatMap((kind) =>
        Object.entries(manifest[kind] ?? {})
          .filter(([name, version]) => version !== (name.startsWith('@trackly-tune/') ? 'workspace:*' : 'catalog:'))
          .map(([name, version]) => `${file}: ${name} ${version}`),
      );
    });
    expect(elsewhere).toEqual([]);
  });

  test('the catalog pins exact versions', () => {
    const catalog = /^catalog:\n((?: {2}.*\n)+)/m.exec(read('pnpm-workspace.yaml'))?.[1] ?? '';
    const entries = catalog.trimEnd().split('\n');
    expect(entries.length).toBeGreaterThan(10);
    expect(entries.filter((entry) => !/^ {2}('[^']+'|[\w-]+): \d+\.\d+\.\d+(-[\w.]+)?$/.test(entry))).toEqual([]);
  });
});
