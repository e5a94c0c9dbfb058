import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const PACKAGES = [
  'database',
  'domain',
  'embedded-stores',
  'launcher',
  'queues',
  'service-runtime',
  'testing',
  'tune-client',
  'tune-simulator',
];
const SERVICES = ['api', 'attribution', 'conversion-sync', 'offer-sync'];
/** The entry of each library lies where the real one's does: a rule that is blind to `dist` shows. */
const ENTRIES: Readonly<Record<string, string>> = {
  '@bull-board/api': 'dist/index.js',
  bullmq: 'dist/esm/index.js',
  'fastify-type-provider-zod': 'dist/esm/index.js',
  ioredis: 'built/index.js',
  kysely: 'dist/esm/index.js',
  pg: 'esm/index.mjs',
  pino: 'pino.js',
  'temporal-polyfill': 'index.js',
  undici: 'index.js',
  zod: 'index.js',
  'development-library': 'index.js',
  'undeclared-library': 'index.js',
  'undeclared-built-library': 'dist/index.js',
};
const FOR_DEVELOPMENT = ['development-library'];
const UNDECLARED = ['undeclared-library', 'undeclared-built-library'];
const DECLARED = Object.keys(ENTRIES).filter((library) => ![...FOR_DEVELOPMENT, ...UNDECLARED].includes(library));

/**
 * Writes a workspace in small, laid out as pnpm does: libraries in node_modules/.pnpm behind links, packages linked by
 * name and shown by their `development` condition. Then come the given files.
 */
export function plantWorkspace(root: string, files: Readonly<Record<string, string>>): void {
  const write = (file: string, text: string): void => {
    const target = path.join(root, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, text);
  };
  const link = (from: string, to: string): void => {
    const target = path.join(root, from);
    mkdirSync(path.dirname(target), { recursive: true });
    symlinkSync(path.join(root, to), target, 'junction');
  };
  const manifest = (name: string): string => {
    const versions = (names: readonly string[]) => Object.fromEntries(names.map((library) => [library, '1.0.0']));
    return JSON.stringify({
      name,
      type: 'module',
      exports: { '.': { development: './src/index.ts', default: './dist/index.js' } },
      dependencies: versions(DECLARED),
      devDependencies: versions(FOR_DEVELOPMENT),
    });
  };

  write('package.json', manifest('planted'));
  for (const [library, entry] of Object.entries(ENTRIES)) {
    const home = `node_modules/.pnpm/${library.replace('/', '+')}@1.0.0/node_modules/${library}`;
    write(`${home}/package.json`, JSON.stringify({ name: library, version: '1.0.0', main: `./${entry}` }));
    write(`${home}/${entry}`, '');
    link(`node_modules/${library}`, home);
  }
  for (const name of PACKAGES) {
    write(`packages/${name}/package.json`, manifest(`@trackly-tune/${name}`));
    write(`packages/${name}/src/index.ts`, 'export {};');
    link(`node_modules/@trackly-tune/${name}`, `packages/${name}`);
  }
  for (const name of SERVICES) write(`services/${name}/package.json`, manifest(`@trackly-tune/${name}`));
  write('packages/domain/src/money.ts', 'export const money = 1;');
  for (const [file, text] of Object.entries(files)) write(file, text);
}
