import { spawnSync } from 'node:child_process';

const git = (root: string, ...words: string[]): string | null => {
  const found = spawnSync('git', words, { cwd: root, encoding: 'utf8' });
  return found.status === 0 ? found.stdout.trim() : null;
};

export interface Changed {
  /** What Jest is told to look only at tests that the change concerns. */
  readonly argument: string;
  /** Files that were changed, from the root. */
  readonly files: readonly string[];
}

/** Everything since the branch left main, what is not committed included; without a main, what is not committed. */
export function changedSince(root: string): Changed {
  const bases = ['origin/main', 'main'].map((main) => git(root, 'merge-base', 'HEAD', main));
  const base = bases.find((found) => found !== null) ?? null;
  const lines = [
    git(root, 'diff', '--name-only', base ?? 'HEAD'),
    git(root, 'ls-files', '--others', '--exclude-standard'),
  ].flatMap((text) => text?.split('\n') ?? []);
  return {
    argument: base === null ? '--onlyChanged' : `--changedSince=${base}`,
    files: lines.filter((line) => line !== ''),
  };
}
