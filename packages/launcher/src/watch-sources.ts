import path from 'node:path';
import { watch } from 'chokidar';

/** An editor writes a file in several steps, and a branch that is checked out many files. */
const SETTLE_MS = 150;
const WATCHED = /\.(ts|mjs|sql|json)$/;
const LEFT_OUT = /(^|\/)(node_modules|dist|test)(\/|$)|\.test\.ts$/;

export interface SourceWatch {
  close(): Promise<void>;
}

/**
 * Tells in which packages and services, as `services/api`, a source, a migration or a manifest was written, added or
 * removed: once for changes that follow each other closely, and never again before `onChange` has ended. Resolves when
 * it watches.
 */
export async function watchSources(
  root: string,
  onChange: (folders: ReadonlySet<string>) => Promise<void>,
): Promise<SourceWatch> {
  const pending = new Set<string>();
  let pause: NodeJS.Timeout | undefined;
  let working = Promise.resolve();
  const flush = (): void => {
    working = working.then(async () => {
      const folders = new Set(pending);
      pending.clear();
      if (folders.size > 0) await onChange(folders);
    });
  };
  const watcher = watch(['packages', 'services'], {
    cwd: root,
    ignoreInitial: true,
    ignored: (file, stats) => {
      const below = path.relative(root, path.resolve(root, file)).split(path.sep).join('/');
      return LEFT_OUT.test(below) || (stats?.isFile() === true && !WATCHED.test(below));
    },
  });
  watcher.on('all', (_event, file) => {
    if (!WATCHED.test(file)) return;
    pending.add(file.split(path.sep).slice(0, 2).join('/'));
    clearTimeout(pause);
    pause = setTimeout(flush, SETTLE_MS);
  });
  await new Promise<void>((resolve, reject) => void watcher.once('ready', resolve).once('error', reject));
  return {
    async close() {
      clearTimeout(pause);
      await watcher.close();
      await working;
    },
  };
}
