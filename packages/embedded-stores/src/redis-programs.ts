import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { EmbeddedStoreError } from './store-user.js';

export interface RedisProgram {
  readonly program: string;
  readonly kind: string;
  readonly env: NodeJS.ProcessEnv;
}

const PACKAGES = ['redis-server', 'redis-tools', 'liblzf1', 'libjemalloc2'];
const APT_TIMEOUT_MS = 120_000;

function works({ program, env }: RedisProgram): boolean {
  return spawnSync(program, ['--version'], { env: { ...process.env, ...env } }).status === 0;
}

function onPath(): RedisProgram | null {
  const folders = [
    ...(process.env.PATH ?? '').split(path.delimiter),
    '/opt/homebrew/bin',
    '/usr/local/bin',
    '/usr/bin',
  ];
  for (const name of ['redis-server', 'valkey-server']) {
    const program = folders.map((folder) => path.join(folder, name)).find(existsSync);
    if (program && works({ program, kind: 'system', env: {} })) return { program, kind: 'system', env: {} };
  }
  return null;
}

function unpacked(cache: string): RedisProgram | null {
  const program = path.join(cache, 'root/usr/bin/redis-server');
  const libraries = path.join(cache, 'root/usr/lib');
  if (!existsSync(program) || !existsSync(libraries)) return null;
  const folders = readdirSync(libraries).map((folder) => path.join(libraries, folder));
  const found = { program, kind: 'deb', env: { LD_LIBRARY_PATH: folders.join(':') } };
  return works(found) ? found : null;
}

/** Debian's own packages, fetched and unpacked by apt without installing anything; apt checks their signatures. */
function fetchDebs(cache: string): RedisProgram | null {
  const downloads = path.join(cache, 'debs');
  const lists = path.join(cache, 'lists');
  for (const folder of [cache, downloads, lists, path.join(lists, 'partial')]) mkdirSync(folder, { recursive: true });
  if (process.getuid?.() === 0) chmodSync(downloads, 0o777);
  const apt = (...args: string[]) => spawnSync('apt-get', ['-q', ...args], { cwd: downloads, timeout: APT_TIMEOUT_MS });
  if (apt('download', ...PACKAGES).status !== 0) {
    const own = ['-o', `Dir::State::Lists=${lists}`, '-o', `Dir::Cache=${cache}`];
    if (apt(...own, 'update').status !== 0 || apt(...own, 'download', ...PACKAGES).status !== 0) return null;
  }
  for (const file of readdirSync(downloads).filter((name) => name.endsWith('.deb'))) {
    spawnSync('dpkg-deb', ['-x', path.join(downloads, file), path.join(cache, 'root')]);
  }
  return unpacked(cache);
}

/** Finds Redis: on the PATH, else Debian's packages in a cache. Throws EmbeddedStoreError. */
export function findRedis(): RedisProgram {
  const owner = process.getuid?.() === 0 ? '' : `-${process.getuid?.() ?? ''}`;
  const cache = path.join(os.tmpdir(), `trackly-tune-redis${owner}`);
  const found = onPath() ?? unpacked(cache) ?? fetchDebs(cache);
  if (found) return found;
  throw new EmbeddedStoreError(
    'No Redis was found: neither redis-server nor valkey-server is on the PATH, and apt could not fetch it. Install it (apt-get install redis-server, brew install redis) or set REDIS_URL.',
  );
}
