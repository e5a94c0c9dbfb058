import path from 'node:path';
import {
  compileSources,
  dependentsOf,
  watchSources,
  type SourceWatch,
  type SupervisedService,
} from '@trackly-tune/launcher';

/** A worker that is in the middle of a page gets the time to hand it back. */
const STOP_GRACE_MS = 12_000;

const folderOf = (name: string): string => (name === 'tune-simulator' ? `packages/${name}` : `services/${name}`);

/**
 * Compiles what is written while everything runs, and starts again whatever depends on it. What cannot be compiled is
 * said, and the services go on with what they have. Types are left to the editor and to `npm run check`.
 */
export function restartChanged(options: {
  root: string;
  services: readonly SupervisedService[];
  say: (line: string) => void;
}): Promise<SourceWatch> {
  const { root, services, say } = options;
  return watchSources(root, async (changed) => {
    try {
      await compileSources(root);
    } catch (error) {
      say(`Not restarted: ${error instanceof Error ? error.message : String(error)}`);
      return;
    }
    const folders = dependentsOf(
      root,
      services.map(({ name }) => folderOf(name)),
      changed,
    );
    const affected = services.filter(({ name }) => folders.includes(folderOf(name)));
    if (affected.length === 0) return;
    const names = affected.map(({ name }) => path.basename(name)).join(', ');
    say(`Changed: ${[...changed].sort().join(', ')}; restarting ${names}`);
    await Promise.all(affected.map((service) => service.restart(STOP_GRACE_MS)));
  });
}
