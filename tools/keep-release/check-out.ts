import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const ARCHIVE_BYTES_MAX = 256 * 1024 * 1024;

/** The packages and services of a commit in a folder of their own; nothing of the working tree changes. */
export function checkOut(root: string, commit: string): { path: string; commit: string; remove(): void } {
  const git = (...args: string[]): Buffer =>
    execFileSync('git', ['-C', root, ...args], { maxBuffer: ARCHIVE_BYTES_MAX });
  const hash = git('rev-parse', '--verify', `${commit}^{commit}`).toString().trim();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'trackly-tune-release-'));
  execFileSync('tar', ['-x', '-C', folder], { input: git('archive', '--format=tar', hash, 'packages', 'services') });
  return { path: folder, commit: hash, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
