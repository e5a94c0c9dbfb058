import { spawnSync } from 'node:child_process';

/**
 * What Jest is told to run only the tests that a change concerns: everything since the branch left main, what is not
 * committed included; without a main, what is not committed.
 */
export function changedSince(root: string): string {
  for (const main of ['origin/main', 'main']) {
    const found = spawnSync('git', ['merge-base', 'HEAD', main], { cwd: root, encoding: 'utf8' });
    if (found.status === 0) return `--changedSince=${found.stdout.trim()}`;
  }
  return '--onlyChanged';
}
