import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { FolderInUseError } from './embedded-store-error.js';
import { livingProcess, processIdentity } from './process-identity.js';

const ATTEMPTS_MAX = 10;

function readOrNull(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

/** Moves a dead process's claim away. Two that find it at once: the later puts back what is no longer the dead one's. */
function removeStale(file: string, found: string, own: string): void {
  const aside = `${own}.stale`;
  try {
    renameSync(file, aside);
    if (readFileSync(aside, 'utf8') !== found) linkSync(aside, file);
  } catch {
    // Somebody else was quicker; the next attempt sees what is there now.
  }
  rmSync(aside, { force: true });
}

/**
 * Claims `folder` for this process by the file `<folder>.lock`; the claim of a process that was killed does not count.
 * Throws FolderInUseError. The returned function gives the claim back.
 */
export function claimFolder(folder: string): () => void {
  const file = `${folder}.lock`;
  const own = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  const identity = processIdentity(process.pid) ?? String(process.pid);
  writeFileSync(own, identity, { mode: 0o600 });
  try {
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
      try {
        linkSync(own, file);
        return () => rmSync(file, { force: true });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const found = readOrNull(file);
      if (found === null) continue;
      const pid = livingProcess(found);
      if (pid !== null) throw new FolderInUseError(folder, pid);
      removeStale(file, found, own);
    }
    throw new FolderInUseError(folder, 0);
  } finally {
    rmSync(own, { force: true });
  }
}
