import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { transformSync } from '@swc/core';
import { SERVICES } from '@trackly-tune/launcher';

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const readManifest = (folder: string): Manifest =>
  JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as Manifest;

/** The services, and the packages of the workspace that they need, as folders below `root`. */
function foldersOf(root: string): string[] {
  const packages = readdirSync(path.join(root, 'packages')).map((name) => `packages/${name}`);
  const folderOf = new Map(packages.map((folder) => [readManifest(path.join(root, folder)).name, folder]));
  const found = new Set<string>();
  const add = (folder: string): void => {
    if (found.has(folder)) return;
    found.add(folder);
    for (const name of Object.keys(readManifest(path.join(root, folder)).dependencies ?? {})) {
      const needed = folderOf.get(name);
      if (needed !== undefined) add(needed);
    }
  };
  for (const service of SERVICES) add(`services/${service}`);
  return [...found].sort();
}

/** TypeScript without its types; `src` becomes `dist`, where packages are looked for by default. */
function build(source: string): string {
  return transformSync(source, {
    swcrc: false,
    configFile: false,
    jsc: { target: 'es2022', parser: { syntax: 'typescript' }, transform: { verbatimModuleSyntax: true } },
    module: { type: 'es6' },
  }).code;
}

/**
 * Builds the services below `root` into one compressed JSON file: path → text. What is installed is not in it. The same
 * sources make the same file.
 */
export function packRelease(root: string, target: string): { files: number; bytes: number } {
  const files: Record<string, string> = {};
  for (const folder of foldersOf(root)) {
    for (const file of readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }).sort()) {
      const text = (): string => readFileSync(path.join(root, folder, file), 'utf8');
      if (file === 'package.json' || /^migrations\/.*\.sql$/.test(file)) files[`${folder}/${file}`] = text();
      else if (/^src\/.*(?<!\.test)\.ts$/.test(file)) {
        files[`${folder}/${file.replace(/^src/, 'dist').replace(/\.ts$/, '.js')}`] = build(text());
      }
    }
  }
  const compressed = gzipSync(JSON.stringify(files), { level: 9 });
  writeFileSync(target, compressed);
  return { files: Object.keys(files).length, bytes: compressed.length };
}
