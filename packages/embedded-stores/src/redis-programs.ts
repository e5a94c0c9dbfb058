import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { EmbeddedStoreError } from './embedded-store-error.js';
import { fetchRedisDebs } from './fetch-redis-debs.js';
import { cachedPrograms } from './program-cache.js';
import type { StoreUser } from './store-user.js';

export interface RedisProgram {
  readonly program: string;
  readonly kind: 'system' | 'packages' | 'stand-in';
  readonly env: NodeJS.ProcessEnv;
}

const NAMES = ['redis-server', 'valkey-server'];
const STAND_IN = fileURLToPath(new URL('./redis-stand-in.mjs', import.meta.url));

function works({ program, env }: RedisProgram, user: StoreUser): boolean {
  const probe = spawnSync(program, ['--version'], { ...user, cwd: '/', env: { PATH: process.env.PATH, ...env } });
  return probe.status === 0;
}

function onPath(user: StoreUser): RedisProgram | null {
  const folders = [
    ...(process.env.PATH ?? '').split(path.delimiter),
    '/usr/bin',
    '/usr/local/bin',
    '/opt/homebrew/bin',
  ];
  for (const program of NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name)))) {
    const found = { program, kind: 'system', env: {} } as const;
    if (path.isAbsolute(program) && existsSync(program) && works(found, user)) return found;
  }
  return null;
}

function unpacked(folder: string, user: StoreUser): RedisProgram | null {
  const libraries = path.join(folder, 'root/usr/lib');
  const folders = existsSync(libraries) ? readdirSync(libraries).map((name) => path.join(libraries, name)) : [];
  for (const name of NAMES) {
    const program = path.join(folder, 'root/usr/bin', name);
    const found = { program, kind: 'packages', env: { LD_LIBRARY_PATH: folders.join(':') } } as const;
    if (existsSync(program) && works(found, user)) return found;
  }
  return null;
}

/**
 * Finds Redis: on the PATH, else the distribution's packages in a cache, else a stand-in of JavaScript, which is slow
 * and forgets everything when it stops. Throws EmbeddedStoreError.
 */
export function findRedis(user: StoreUser): RedisProgram {
  const found =
    onPath(user) ??
    cachedPrograms({
      name: 'redis-packages',
      make: fetchRedisDebs,
      works: (folder) => unpacked(folder, user),
    });
  if (found) return found;
  if (existsSync(STAND_IN)) return { program: process.execPath, kind: 'stand-in', env: {} };
  throw new EmbeddedStoreError(
    'No Redis was found: neither redis-server nor valkey-server is on the PATH, and apt could not fetch it. Install it (apt-get install redis-server, dnf install valkey, brew install redis) or set REDIS_URL.',
  );
}

/** What the stand-in is started with: its port; the password comes from its environment. */
export function standInArgs(port: number): string[] {
  return [STAND_IN, String(port)];
}
