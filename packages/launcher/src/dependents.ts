import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

interface Manifest {
  readonly name?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** The folders of packages and services below `root`, as `services/api`, each with those that it depends on. */
function readWorkspace(root: string): Map<string, string[]> {
  const folders = ['packages', 'services'].flatMap((group) =>
    readdirSync(path.join(root, group)).map((name) => `${group}/${name}`),
  );
  const manifests = folders.flatMap((folder): [string, Manifest][] => {
    try {
      return [[folder, JSON.parse(readFileSync(path.join(root, folder, 'package.json'), 'utf8')) as Manifest]];
    } catch {
      return [];
    }
  });
  const folderOf = new Map(manifests.map(([folder, { name = '' }]) => [name, folder]));
  return new Map(
    manifests.map(([folder, { dependencies = {} }]) => [
      folder,
      Object.keys(dependencies).flatMap((name) => folderOf.get(name) ?? []),
    ]),
  );
}

/** Of `folders`, those in which something changed or that depend on one of those, however far. */
export function dependentsOf(root: string, folders: readonly string[], changed: ReadonlySet<string>): string[] {
  const workspace = readWorkspace(root);
  const reaches = (folder: string, seen: Set<string>): boolean => {
    if (changed.has(folder)) return true;
    seen.add(folder);
    return (workspace.get(folder) ?? []).some((next) => !seen.has(next) && reaches(next, seen));
  };
  return folders.filter((folder) => reaches(folder, new Set()));
}
