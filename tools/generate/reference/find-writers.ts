import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const SOURCE = 'packages/database/src';
const WRITES =
  /\b(?:UPDATE|INSERT INTO|DELETE FROM)\s+(?:ONLY\s+)?([a-z_]+)|\b(?:updateTable|insertInto|deleteFrom)\(\s*'([a-z_]+)/g;

/** Which folders of the database package write each table, as their statements say. */
export function findWriters(root: string): ReadonlyMap<string, readonly string[]> {
  const writers = new Map<string, Set<string>>();
  const files = readdirSync(path.join(root, SOURCE), { recursive: true, encoding: 'utf8' }).sort();
  for (const file of files.filter((name) => name.endsWith('.ts') && name.includes('/'))) {
    const folder = file.split('/')[0] ?? '';
    const text = readFileSync(path.join(root, SOURCE, file), 'utf8');
    for (const [, bySql, byBuilder] of text.matchAll(WRITES)) {
      const table = bySql ?? byBuilder ?? '';
      writers.set(table, (writers.get(table) ?? new Set()).add(folder));
    }
  }
  return new Map([...writers].map(([table, folders]) => [table, [...folders].sort()]));
}
