import { describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './system/start-services.js';

const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');
const json = (file: string): { version?: string; packageManager?: string; info?: { version: string } } =>
  JSON.parse(read(file)) as ReturnType<typeof json>;
const { version, packageManager } = json('package.json');
const folders = ['packages', 'services'].flatMap((group) =>
  readdirSync(path.join(ROOT, group)).map((name) => `${group}/${name}`),
);

describe('the version in package.json', () => {
  test.each(folders)('is that of %s', (folder) => {
    expect(json(`${folder}/package.json`).version).toBe(version);
  });

  test('is that of the API as its document tells it, and of the image', () => {
    expect(json('docs/reference/openapi.json').info?.version).toBe(version);
    const labels = [...read('Dockerfile').matchAll(/org\.opencontainers\.image\.version=(\S+)/g)];
    expect(labels.map(([, label]) => label)).toEqual([version]);
  });
});

test('pnpm is named once: whatever else starts it names the same version or reads it there', () => {
  const pages = readdirSync(path.join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.md'),
  );
  const files = ['README.md', 'CONTRIBUTING.md', 'Dockerfile', ...pages.map((page) => path.join('docs', page))];
  const named = files.flatMap((file) => [...read(file).matchAll(/pnpm@[\d.]+/g)].map(([name]) => `${file}: ${name}`));
  expect(named.filter((one) => !one.endsWith(`: ${packageManager}`))).toEqual([]);
});
