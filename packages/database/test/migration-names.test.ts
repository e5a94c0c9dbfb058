import { describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const packageRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const numbers = readdirSync(path.join(packageRoot, 'migrations')).map(
  (file) => /^(\d{4})_[a-z_]+\.sql$/.exec(file)?.[1],
);

describe('the names of the migrations', () => {
  test('begin with a number of their own', () => {
    expect(numbers).not.toContain(undefined);
    expect(new Set(numbers).size).toBe(numbers.length);
  });

  test('leave 0006 out, and the package says so where a newcomer looks', () => {
    expect(numbers).not.toContain('0006');
    expect(readFileSync(path.join(packageRoot, 'README.md'), 'utf8')).toContain('no migration 0006 ever existed');
  });
});
