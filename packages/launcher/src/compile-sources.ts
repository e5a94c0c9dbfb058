import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build, type OutputFile } from 'esbuild';

const TYPESCRIPT = /(?<!\.test|\.d)\.ts$/;
const JAVASCRIPT = /\.mjs$/;

type Output = Pick<OutputFile, 'path' | 'contents'>;

async function foldersOf(root: string, group: string): Promise<string[]> {
  const found = await readdir(path.join(root, group), { withFileTypes: true });
  return found.filter((entry) => entry.isDirectory()).map(({ name }) => path.join(root, group, name));
}

/** What a process that starts at this moment reads is the old file or the new one, never half of one. */
async function replace({ path: file, contents }: Output): Promise<void> {
  const half = `${file}.${process.pid}`;
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(half, contents);
  await rename(half, file);
}

async function isNew({ path: file, contents }: Output): Promise<boolean> {
  const old = await readFile(file).catch(() => null);
  return old === null || !old.equals(contents);
}

/** What stands in a `dist` and has no source any more: something could still import it. */
async function removeOthers(folder: string, written: ReadonlySet<string>): Promise<void> {
  const dist = path.join(folder, 'dist');
  const found = await readdir(dist, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of found) {
    const file = path.join(entry.parentPath, entry.name);
    if (entry.isFile() && /\.m?js(\.map)?$/.test(entry.name) && !written.has(file)) await rm(file, { force: true });
  }
}

/**
 * Translates every package and service from `src` to `dist`, which is where Node.js looks for them without the
 * condition `development`: a process that starts from there needs a third of the time. Types are not checked. Files
 * that did not change are left alone, also for whoever watches them.
 *
 * @returns the folders, relative to `root`, in which something changed
 * Throws esbuild's BuildFailure when a file cannot be read as TypeScript; then nothing is written.
 */
export async function compileSources(root: string): Promise<string[]> {
  const folders = [...(await foldersOf(root, 'packages')), ...(await foldersOf(root, 'services'))];
  const entryPoints: { in: string; out: string }[] = [];
  const outputs: Output[] = [];
  for (const folder of folders) {
    const source = path.join(folder, 'src');
    for (const file of await readdir(source, { recursive: true }).catch(() => [])) {
      const [from, to] = [path.join(source, file), path.join(folder, 'dist', file)];
      if (TYPESCRIPT.test(file)) entryPoints.push({ in: from, out: path.relative(root, to).slice(0, -'.ts'.length) });
      else if (JAVASCRIPT.test(file)) outputs.push({ path: to, contents: await readFile(from) });
    }
  }
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints,
    outdir: root,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: true,
    write: false,
    logLevel: 'silent',
  });
  outputs.push(...outputFiles);
  const changed = new Set<string>();
  for (const file of outputs) {
    if (!(await isNew(file))) continue;
    await replace(file);
    changed.add(path.relative(root, file.path).split(path.sep).slice(0, 2).join('/'));
  }
  const written = new Set(outputs.map((file) => file.path));
  for (const folder of folders) await removeOthers(folder, written);
  return [...changed].sort();
}
