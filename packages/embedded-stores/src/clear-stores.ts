import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { claimFolder } from './claim-folder.js';
import { openDataFolder } from './data-folder.js';
import { endLeftOver } from './end-left-over.js';

const STORES = { postgres: 'SIGINT', redis: 'SIGTERM' } as const;

/**
 * Removes a data folder with everything in it: stores that a killed start left running are ended first, and what lives
 * elsewhere goes as well. Throws FolderInUseError while another process works on one of them.
 */
export async function clearStores(dataDir: string): Promise<void> {
  if (!existsSync(dataDir)) return;
  const data = openDataFolder(dataDir);
  const releases: (() => void)[] = [];
  try {
    for (const [name, stopSignal] of Object.entries(STORES)) {
      releases.push(claimFolder(path.join(data.path, name)));
      await endLeftOver(path.join(data.path, `${name}.process`), stopSignal);
    }
    const note = path.join(data.path, 'stores-are-in');
    if (existsSync(note)) rmSync(readFileSync(note, 'utf8').trim(), { recursive: true, force: true });
    rmSync(data.path, { recursive: true, force: true });
  } finally {
    for (const release of releases) release();
  }
}
