import { expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { readPage } from '../system/markdown-blocks.js';

const CODE = ['*.ts', '*.mjs', '*.cjs', '*.sql', '*.sh', '*.yml'];
const THIS = 'tests/docs/references.test.ts';

const files = execFileSync('git', ['ls-files', ...CODE], { encoding: 'utf8' })
  .split('\n')
  .filter((file) => file !== '' && file !== THIS);
const pages = new Set(
  execFileSync('git', ['ls-files', '*.md'], { encoding: 'utf8' })
    .split('\n')
    .map((file) => path.basename(file)),
);

const headings = (page: string): string[] =>
  Array.from(readPage(page).matchAll(/^#{2,4} (.+)$/gm), ([, text = '']) => text.trim());
const LAWS = new Set(headings('docs/laws.md').map((heading) => /^(\d+)\./.exec(heading)?.[1] ?? ''));
const QUIRKS = new Set(
  Array.from(readPage('docs/tune-quirks.md').matchAll(/^\| (\d+) /gm), ([, number = '']) => number),
);
const SECTIONS = new Set(headings('docs/tune-api.md').map((heading) => /^(\d+(?:\.\d+)?)/.exec(heading)?.[1] ?? ''));
const RULES = new Set(headings('docs/product-rules.md'));

/** `1–7, 27` and `3, 9 and 12` as single numbers. */
function numbersOf(list: string): string[] {
  return list.split(/,|\band\b/).flatMap((part) => {
    const [from = 0, to = from] = part.split('–').map(Number);
    return Array.from({ length: to - from + 1 }, (_, at) => String(from + at));
  });
}

const LIST = String.raw`(\d+(?:–\d+)?(?:(?:, | and )\d+(?:–\d+)?)*)`;

/** What a text refers to and is not there. Line ends and comment signs within a reference do not matter. */
function brokenReferences(source: string): string[] {
  const text = source.replaceAll(/\s*\n\s*(?:\*|\/\/|--|#)?\s*/g, ' ');
  const numbered = (word: string, known: ReadonlySet<string>): string[] =>
    Array.from(text.matchAll(new RegExp(String.raw`\b${word}s? ${LIST}`, 'gi')), ([, list = '']) => numbersOf(list))
      .flat()
      .filter((number) => !known.has(number))
      .map((number) => `${word} ${number}`);
  const of = (pattern: RegExp, known: ReadonlySet<string>, what: string): string[] =>
    Array.from(text.matchAll(pattern), ([, name = '']) => name)
      .filter((name) => !known.has(name))
      .map((name) => `${what} ${name}`);
  return [
    ...numbered('law', LAWS),
    ...numbered('quirk', QUIRKS),
    ...of(/\btune-api\.md, section (\d+(?:\.\d+)?)/g, SECTIONS, 'section'),
    ...of(/\bproduct-rules\.md,? "([^"]+)"/g, RULES, 'rule'),
    ...of(/(?<![\w./-])([a-z][\w-]*\.md)\b/gi, pages, 'page'),
    ...Array.from(text.matchAll(/\(contract\b|\bdossier\b|\(section \d/g), ([found]) => `a text outside: ${found}`),
  ];
}

test('every law, quirk, section and rule that the code names can be read in docs', () => {
  expect([LAWS.size, QUIRKS.size].every((size) => size > 20)).toBe(true);
  const broken = files.flatMap((file) => brokenReferences(readPage(file)).map((what) => `${file}: ${what}`));
  expect(broken).toEqual([]);
});

test('every function that CONTRIBUTING.md names is in the file beside it', () => {
  const named = [...readPage('CONTRIBUTING.md').matchAll(/`(\w+)`, \[[^\]]+\]\(([^)]+\.ts)\)/g)];
  expect(named.length).toBeGreaterThan(10);
  const missing = named.filter(([, name = '', file = '']) => !readPage(file).includes(`function ${name}(`));
  expect(missing.map(([row]) => row)).toEqual([]);
});

test('every quirk has a conformance test, and every conformance test a quirk', () => {
  const tests = files.filter((file) => file.startsWith('packages/tune-client/test/conformance/'));
  const tested = tests.flatMap((file) =>
    Array.from(readPage(file).matchAll(/\btest\(\s*['"`]quirk (\d+):/g), ([, number = '']) => number),
  );
  expect(new Set(tested)).toEqual(QUIRKS);
});

test.each([
  ['(law 99)', 'law 99'],
  ['(laws 1, 2 and 98)', 'law 98'],
  [`quirks 36–${QUIRKS.size + 1}`, `quirk ${QUIRKS.size + 1}`],
  ['(tune-api.md, section 3.77)', 'section 3.77'],
  ['(product-rules.md, "Whose\n * socks")', 'rule Whose socks'],
  ['see nowhere.md', 'page nowhere.md'],
  ['(contract, section 3)', 'a text outside: (contract'],
])('%j leads nowhere', (text, broken) => {
  expect(brokenReferences(text)).toEqual([broken]);
});
