import { spawnSync } from 'node:child_process';

/** The unprivileged user that runs a store for root; empty for an ordinary user. */
export interface StoreUser {
  readonly uid?: number;
  readonly gid?: number;
}

function idOf(flag: '-u' | '-g', name: string): number | null {
  const result = spawnSync('id', [flag, name], { encoding: 'utf8' });
  return result.status === 0 ? Number(result.stdout) : null;
}

/** PostgreSQL refuses to run as root: then it runs as `postgres`, else as `nobody`. */
export function findStoreUser(): StoreUser {
  if (process.getuid?.() !== 0) return {};
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = [idOf('-u', name), idOf('-g', name)];
    if (uid !== null && gid !== null) return { uid, gid };
  }
  throw new EmbeddedStoreError('Running as root, and neither a user "postgres" nor "nobody" exists to run PostgreSQL');
}

/** No store could be started; the message says what was tried and what to install. */
export class EmbeddedStoreError extends Error {
  readonly code = 'embedded_store_unavailable';
}
