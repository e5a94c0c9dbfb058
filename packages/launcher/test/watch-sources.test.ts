import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { dependentsOf, watchSources } from '../src/index.js';

let root: string;
function write(file: string, text: string): void {
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  writeFileSync(path.join(root, file), text);
}
const manifest = (name: string, ...needs: string[]): string =>
  JSON.stringify({ name, dependencies: Object.fromEntries(needs.map((need) => [need, 'workspace:*'])) });

beforeEach(() => {
  root = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'trackly-tune-watch-')));
  write('packages/ground/package.json', manifest('ground'));
  write('packages/middle/package.json', manifest('middle', 'ground'));
  write('services/first/package.json', manifest('first', 'middle'));
  write('services/second/package.json', manifest('second'));
  for (const folder of ['packages/ground', 'packages/middle', 'services/first', 'services/second'])
    write(`${folder}/src/index.ts`, '');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('what is watched', () => {
  test('says in which folder a source or a migration was written, added or removed, and leaves tests and output out', async () => {
    const told: string[] = [];
    let wake: () => void = () => undefined;
    const watch = await watchSources(root, async (folders) => {
      told.push(...folders);
      wake();
    });
    const next = (change: () => void): Promise<void> =>
      new Promise((resolve) => {
        wake = resolve;
        change();
      });
    try {
      write('packages/middle/dist/index.js', '');
      write('packages/middle/src/index.test.ts', '');
      write('packages/middle/test/middle.test.ts', '');
      await next(() => write('services/first/src/index.ts', 'export {};'));
      await next(() => write('packages/ground/migrations/0001.sql', 'SELECT 1'));
      await next(() => rmSync(path.join(root, 'services/second/src/index.ts')));
      expect(told).toEqual(['services/first', 'packages/ground', 'services/second']);
    } finally {
      await watch.close();
    }
  });

  test('concerns what depends on it, however far, and nothing else', () => {
    const services = ['services/first', 'services/second'];
    const changed = (folder: string): string[] => dependentsOf(root, services, new Set([folder]));
    expect(changed('packages/ground')).toEqual(['services/first']);
    expect(changed('services/second')).toEqual(['services/second']);
    expect(changed('packages/unknown')).toEqual([]);
  });
});
