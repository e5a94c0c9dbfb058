import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { EmbeddedStoreError } from './embedded-store-error.js';

/** The unprivileged user that runs a store for root; empty for an ordinary user. */
export interface StoreUser {
  readonly uid?: number;
  readonly gid?: number;
}

function idOf(flag: '-u' | '-g', name: string): number | null {
  const result = spawnSync('id', [flag, name], { encoding: 'utf8' });
  return result.status === 0 ? Number(result.stdout) : null;
}

/**
 * PostgreSQL refuses to run as root, and Redis need not: root hands them to a user of that name, else to `nobody`.
 * Data that an ordinary user left in `folder` keep their owner.
 */
export function findStoreUser(name: string, folder: string): StoreUser {
  if (process.getuid?.() !== 0) return {};
  if (existsSync(folder)) {
    const { uid, gid } = statSync(folder);
    if (uid !== 0) return { uid, gid };
  }
  for (const candidate of [name, 'nobody']) {
    const [uid, gid] = [idOf('-u', candidate), idOf('-g', candidate)];
    if (uid !== null && gid !== null) return { uid, gid };
  }
  throw new EmbeddedStoreError(`Running as root, and neither a user "${name}" nor "nobody" exists to run the store`);
}

/** Whether a user may enter a folder, asked of the system itself: modes, lists and mounts all count. */
export function canEnter(folder: string, user: StoreUser): boolean {
  const probe = spawnSync('/bin/sh', ['-c', 'cd -- "$1"', 'sh', folder], { ...user, cwd: '/', stdio: 'ignore' });
  return probe.status === 0;
}
