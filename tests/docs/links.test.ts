import { expect, test } from '@jest/globals';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { readPage } from '../system/markdown-blocks.js';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const NOT_OURS = new Set(['node_modules', '.git', '.trackly-tune', 'dist', 'coverage']);

function pagesBelow(folder: string): string[] {
  return readdirSync(path.join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) return NOT_OURS.has(entry.name) ? [] : pagesBelow(file);
    return entry.name.endsWith('.md') ? [file] : [];
  });
}

test('every link of a page to another file of the repository leads somewhere', () => {
  const pages = pagesBelow('.');
  const links = pages.flatMap((page) =>
    [...readPage(page).matchAll(/\]\((?!https?:)([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, to = '']) => ({ page, to })),
  );
  expect(links.length).toBeGreaterThan(40);
  expect(links.filter(({ page, to }) => !existsSync(path.join(ROOT, path.dirname(page), to)))).toEqual([]);
});

test('every how-to is linked from another page', () => {
  const pages = pagesBelow('.');
  const texts = new Map(pages.map((page) => [page, readPage(page)]));
  const alone = readdirSync(path.join(ROOT, 'docs/how-to')).filter(
    (name) => ![...texts].some(([page, text]) => path.basename(page) !== name && text.includes(name)),
  );
  expect(alone).toEqual([]);
});
