import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { compileSources } from '../src/index.js';

let root: string;
const at = (file: string): string => path.join(root, file);
function write(file: string, text: string): void {
  mkdirSync(path.dirname(at(file)), { recursive: true });
  writeFileSync(at(file), text);
}

beforeEach(() => {
  root = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'trackly-tune-compile-')));
  write('packages/words/src/index.ts', "export const word: string = 'one';\n");
  write('packages/words/src/deep/plain.mjs', 'export const plain = 1;\n');
  write('packages/words/src/index.test.ts', 'const never: number = 1;\n');
  write('services/says/src/main.ts', "import { word } from '@words';\nconsole.log(word);\n");
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('what processes are started from', () => {
  test('is made of every source but tests, with source maps, and what is JavaScript already as it is', async () => {
    expect(await compileSources(root)).toEqual(['packages/words', 'services/says']);
    expect(readFileSync(at('packages/words/dist/index.js'), 'utf8')).toMatch(/^const word = "one";/);
    expect(existsSync(at('services/says/dist/main.js.map'))).toBe(true);
    expect(readFileSync(at('packages/words/dist/deep/plain.mjs'), 'utf8')).toBe('export const plain = 1;\n');
    expect(existsSync(at('packages/words/dist/index.test.js'))).toBe(false);
  });

  test('is written anew only where something changed, and its folder is named', async () => {
    await compileSources(root);
    const before = statSync(at('services/says/dist/main.js')).mtimeMs;
    expect(await compileSources(root)).toEqual([]);
    write('packages/words/src/index.ts', "export const word: string = 'two';\n");
    expect(await compileSources(root)).toEqual(['packages/words']);
    expect(statSync(at('services/says/dist/main.js')).mtimeMs).toBe(before);
  });

  test('loses what has no source any more', async () => {
    await compileSources(root);
    rmSync(at('packages/words/src/deep'), { recursive: true });
    await compileSources(root);
    expect(existsSync(at('packages/words/dist/deep/plain.mjs'))).toBe(false);
    expect(existsSync(at('packages/words/dist/index.js'))).toBe(true);
  });

  test('stays as it was when a source cannot be read', async () => {
    await compileSources(root);
    write('packages/words/src/index.ts', 'export const word: string = ;\n');
    await expect(compileSources(root)).rejects.toMatchObject({ message: expect.stringContaining('index.ts:1') });
    expect(readFileSync(at('packages/words/dist/index.js'), 'utf8')).toContain('"one"');
  });
});
