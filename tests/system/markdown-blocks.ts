import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** A page of the repository. */
export const readPage = (page: string): string => readFileSync(path.join(ROOT, page), 'utf8');

/**
 * The fenced blocks of one language below a heading of a page, up to the next heading of the same or a higher level.
 * Throws when the page has no such heading.
 */
export function blocksBelow(page: string, heading: string, language: string): string[] {
  const text = readPage(page);
  const at = `\n${text}`.indexOf(`\n${heading}\n`);
  if (at === -1) throw new Error(`${page} has no heading "${heading}"`);
  const level = /^#+/.exec(heading)?.[0].length ?? 1;
  const blocks: string[] = [];
  let fence: string[] | null = null;
  let wanted = false;
  for (const line of text.slice(at + heading.length).split('\n')) {
    const opens = /^\s*```(\S*)/.exec(line);
    if (opens !== null) {
      if (fence !== null && wanted) blocks.push(`${fence.join('\n')}\n`);
      wanted = fence === null && opens[1] === language;
      fence = fence === null ? [] : null;
    } else if (fence !== null) fence.push(line);
    else if (new RegExp(`^#{1,${level}} `).test(line)) break;
  }
  return blocks;
}
