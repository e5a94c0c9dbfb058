import { readPage } from '../system/markdown-blocks.js';

/** The codes of answers by status, as the error reference lists them. */
export type DocumentedErrors = (status: number, code: string) => boolean;

/** Statuses with which HTTP itself is refused, before there is a route. */
const OF_THE_PARSER: readonly number[] = [400, 408, 431];

function sectionOf(page: string, heading: string): string {
  const [, section = ''] = page.split(`\n## ${heading}\n`);
  return section.split('\n## ')[0] ?? '';
}

/** Reads docs/reference/errors.md. Throws when its tables are not where they were. */
export function readDocumentedErrors(): DocumentedErrors {
  const page = readPage('docs/reference/errors.md');
  const answers = [...sectionOf(page, 'Answers of the API').matchAll(/^\| ([\d, ]+?) +\| `(\w+)`/gm)];
  const unusable = ['Postbacks', 'Links'].flatMap((heading) => [...sectionOf(page, heading).matchAll(/^\| `(\w+)`/gm)]);
  if (answers.length === 0 || unusable.length === 0) throw new Error('The error reference has no tables of codes');
  const known = new Set([
    ...answers.flatMap(([, statuses = '', code]) => statuses.split(', ').map((status) => `${status} ${code}`)),
    ...unusable.map(([, code]) => `422 ${code}`),
    ...OF_THE_PARSER.map((status) => `${status} invalid_request`),
  ]);
  return (status, code) => known.has(`${status} ${code}`);
}
