import { randomBytes } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Ours, and nobody else may write to it: programs from such a folder may be run. */
function isTrusted(folder: string): boolean {
  try {
    const { uid, mode } = lstatSync(folder);
    return lstatSync(folder).isDirectory() && uid === (process.getuid?.() ?? uid) && (mode & 0o022) === 0;
  } catch {
    return false;
  }
}

/** Where programs may be kept, the best place first; root's can be read by the stores' users. */
function cacheParents(): string[] {
  const uid = process.getuid?.() ?? 0;
  const home = process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), '.cache');
  return [
    path.join(uid === 0 ? '/var/cache' : home, 'trackly-tune'),
    path.join(os.tmpdir(), `trackly-tune-cache-${uid}`),
  ];
}

/**
 * A folder of programs, made at most once per machine and user: `make` fills a folder of its own, which then gets its
 * name in one step, so that two who make it at once do no harm. `works` judges it, also when it was found.
 * Returns null when no place is of use.
 */
export function cachedPrograms<Found>(options: {
  name: string;
  make: (folder: string) => void;
  works: (folder: string) => Found | null;
}): Found | null {
  const { name, make, works } = options;
  for (const parent of cacheParents()) {
    const folder = path.join(parent, name);
    const making = `${folder}.${process.pid}.${randomBytes(4).toString('hex')}`;
    try {
      mkdirSync(parent, { recursive: true, mode: 0o755 });
      if (!isTrusted(parent)) continue;
      chmodSync(parent, 0o755);
      const found = isTrusted(folder) ? works(folder) : null;
      if (found !== null) return found;
      mkdirSync(making, { mode: 0o755 });
      chmodSync(making, 0o755);
      make(making);
      if (works(making) === null) continue;
      rmSync(folder, { recursive: true, force: true });
      renameSync(making, folder);
    } catch {
      // Somebody else was quicker, or the place cannot be written.
    } finally {
      rmSync(making, { recursive: true, force: true });
    }
    const made = isTrusted(folder) ? works(folder) : null;
    if (made !== null) return made;
  }
  return null;
}
