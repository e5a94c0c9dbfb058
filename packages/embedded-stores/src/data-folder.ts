import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { EmbeddedStoreError } from './embedded-store-error.js';
import { canEnter, type StoreUser } from './store-user.js';

/** Where root keeps the stores when their user cannot enter the data folder. */
const ROOT_STATE = '/var/lib';

export interface DataFolder {
  readonly path: string;
  /** 0700: passwords and keys. */
  readonly secrets: string;
}

/**
 * Makes the data folder: 0700, as root 0711, since the stores' own users must pass through it to their folders, which
 * are closed to everybody else. Throws EmbeddedStoreError when it cannot be made or used.
 */
export function openDataFolder(dataDir: string): DataFolder {
  const folder = path.resolve(dataDir);
  const secrets = path.join(folder, 'secrets');
  try {
    mkdirSync(folder, { recursive: true });
    chmodSync(folder, process.getuid?.() === 0 ? 0o711 : 0o700);
    mkdirSync(secrets, { recursive: true });
    chmodSync(secrets, 0o700);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new EmbeddedStoreError(
      `The data folder ${folder} cannot be used (${code ?? message}): give it to the user who starts this, or set DATA_DIR to a folder that this user may write`,
    );
  }
  return { path: folder, secrets };
}

/** A new folder for the stores outside of the data folder, which keeps a note of it: a new data folder, new stores. */
function placeElsewhere(data: DataFolder): string {
  const note = path.join(data.path, 'stores-are-in');
  const noted = existsSync(note) ? readFileSync(note, 'utf8').trim() : '';
  if (noted !== '' && existsSync(noted)) return noted;
  for (const parent of [path.join(ROOT_STATE, 'trackly-tune'), os.tmpdir()]) {
    try {
      mkdirSync(parent, { recursive: true });
      const folder = mkdtempSync(path.join(parent, 'stores-'));
      chmodSync(folder, 0o711);
      writeFileSync(note, `${folder}\n`);
      return folder;
    } catch {
      // The next place.
    }
  }
  throw new EmbeddedStoreError(
    `The stores' user cannot enter ${data.path}; set DATA_DIR to a folder that it can enter`,
  );
}

/**
 * The folder of one store, 0700 and its user's own; outside of the data folder when that user cannot enter it.
 *
 * @param onNote told where, when it is elsewhere
 */
export function placeStore(data: DataFolder, name: string, user: StoreUser, onNote: (line: string) => void): string {
  const entered = user.uid === undefined || canEnter(data.path, user);
  const base = entered ? data.path : placeElsewhere(data);
  const folder = path.join(base, name);
  if (!entered) onNote(`The user of ${name} cannot enter ${data.path}: its data are in ${folder}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (user.uid !== undefined && user.gid !== undefined) chownSync(folder, user.uid, user.gid);
  chmodSync(folder, 0o700);
  return folder;
}
