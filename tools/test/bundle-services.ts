import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';

/** They read files that lie beside their own, so they stay where they are. */
const STAY = /^(?:@bull-board\/ui|@fastify\/swagger-ui|pino)(?:\/|$)/;
const OURS = /\/(?:packages|services)\/[^/]+\/src\/.*\.ts$/;

/** CommonJS packages in a bundle still require what belongs to Node.js, and the board of queues its pages. */
function requireFor(root: string): string {
  const board = createRequire(path.join(root, 'services/api/package.json')).resolve('@bull-board/api');
  return `import { createRequire as requireOf } from 'node:module'; const require = requireOf(${JSON.stringify(board)});`;
}

/** What stays is imported from where it is, and our own modules find their files as if they were in their `dist`. */
const places: Plugin = {
  name: 'places',
  setup(bundle) {
    bundle.onResolve({ filter: STAY }, async ({ path: name, pluginData, ...rest }) => {
      if (pluginData === places) return null;
      const found = await bundle.resolve(name, { ...rest, pluginData: places });
      return { path: rest.kind === 'require-call' ? found.path : pathToFileURL(found.path).href, external: true };
    });
    bundle.onLoad({ filter: OURS }, async ({ path: file }) => {
      const text = await readFile(file, 'utf8');
      const compiled = file.replace(/\/src\/(.*)\.ts$/, '/dist/$1.js');
      const contents = text.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(compiled).href));
      return { contents, loader: 'ts' };
    });
  },
};

/**
 * Makes one file of each service with its packages. A process that loads a thousand files instead needs most of a
 * second of one core before it does anything, and the tests start more than a hundred.
 *
 * @returns the folder, with a `NAME.mjs` for each service
 */
export async function bundleServices(root: string): Promise<string> {
  const folder = path.join(root, 'node_modules/.cache/services-of-tests');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const names = await readdir(path.join(root, 'services'));
  await build({
    absWorkingDir: root,
    entryPoints: names.map((name) => ({ in: path.join(root, 'services', name, 'src/main.ts'), out: name })),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    conditions: ['development'],
    external: ['pg-native'],
    banner: { js: requireFor(root) },
    plugins: [places],
    logLevel: 'error',
  });
  return folder;
}
