import path from 'node:path';
import { claimFolder } from './claim-folder.js';
import type { DataFolder } from './data-folder.js';
import { endLeftOver } from './end-left-over.js';
import type { EmbeddedStore } from './store-process.js';

/**
 * Starts a store while no other process works on its data: claims them, ends what an earlier start left behind, and
 * gives the claim back when the store is gone. Throws FolderInUseError.
 */
export async function runOnClaim(options: {
  data: DataFolder;
  name: string;
  stopSignal: NodeJS.Signals;
  onNote: (line: string) => void;
  start: (processFile: string) => Promise<EmbeddedStore>;
}): Promise<EmbeddedStore> {
  const { data, name, stopSignal, onNote, start } = options;
  const release = claimFolder(path.join(data.path, name));
  try {
    const processFile = path.join(data.path, `${name}.process`);
    const leftOver = await endLeftOver(processFile, stopSignal);
    if (leftOver !== null)
      onNote(`${name} of an earlier start was still running as process ${leftOver}; it was stopped`);
    const store = await start(processFile);
    void store.ended.then(release);
    return store;
  } catch (error) {
    release();
    throw error;
  }
}
