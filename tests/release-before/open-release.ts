import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { ServiceProgram } from '@trackly-tune/launcher';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const RELEASE = path.join(ROOT, 'tests/release-before/release.json.gz');

export interface ReleaseBefore {
  programOf(name: string, env: NodeJS.ProcessEnv): ServiceProgram;
  remove(): void;
}

/** Where a library is installed in this workspace; the release before is run with the libraries of today. */
function findLibrary(name: string): string {
  const workspaces = ['packages', 'services'].flatMap((folder) =>
    readdirSync(path.join(ROOT, folder)).map((one) => path.join(ROOT, folder, one)),
  );
  const places = [...workspaces, ROOT, path.join(ROOT, 'node_modules/.pnpm')];
  const found = places.map((place) => path.join(place, 'node_modules', name)).find((place) => existsSync(place));
  if (found === undefined) throw new Error(`The release before needs ${name}, which is not installed any more`);
  return found;
}

/** Gives each package what it depends on: the release's own packages, and libraries of this workspace. */
function linkDependencies(folder: string, files: Readonly<Record<string, string>>): void {
  const manifests = Object.entries(files)
    .filter(([file]) => file.endsWith('/package.json'))
    .map(([file, text]) => ({
      place: path.join(folder, path.dirname(file)),
      ...(JSON.parse(text) as { name: string; dependencies?: Record<string, string> }),
    }));
  const own = new Map(manifests.map(({ name, place }) => [name, place]));
  for (const { place, dependencies = {} } of manifests) {
    for (const name of Object.keys(dependencies)) {
      const link = path.join(place, 'node_modules', name);
      mkdirSync(path.dirname(link), { recursive: true });
      symlinkSync(own.get(name) ?? findLibrary(name), link);
    }
  }
}

/** Unpacks the services of the release before, which `npm run keep-release` keeps. */
export function openReleaseBefore(): ReleaseBefore {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'trackly-tune-release-before-'));
  const files = JSON.parse(gunzipSync(readFileSync(RELEASE)).toString('utf8')) as Record<string, string>;
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  }
  linkDependencies(folder, files);
  return {
    programOf: (name, env) => ({
      ...{ name, command: process.execPath, cwd: folder, env },
      args: [path.join(folder, 'services', name, 'dist/main.js')],
    }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
