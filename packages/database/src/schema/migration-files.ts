import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** A migration as its file has it. */
export interface MigrationFile {
  readonly name: string;
  readonly text: string;
  /** Its statements, one by one, where it runs outside a transaction; null for one that runs in a transaction. */
  readonly outside: readonly string[] | null;
}

/** The first line of a migration that runs outside a transaction. */
const MARK = '-- Outside a transaction.';

/** What may be run again after it was run in part or in whole: a migration outside a transaction can end anywhere. */
const REPEATABLE = [
  /^CREATE (?:UNIQUE )?INDEX CONCURRENTLY IF NOT EXISTS [a-z0-9_]+ ON /,
  /^DROP INDEX CONCURRENTLY IF EXISTS [a-z0-9_]+$/,
  /^ALTER TABLE [a-z0-9_]+ DROP CONSTRAINT IF EXISTS ([a-z0-9_]+), ADD CONSTRAINT \1 CHECK .* NOT VALID$/,
  /^COMMENT ON (?:TABLE|COLUMN|INDEX) [a-z0-9_.]+ IS '.*'$/,
  /^ALTER TABLE [a-z0-9_]+ VALIDATE CONSTRAINT [a-z0-9_]+$/,
];

/**
 * The statements of a migration that runs outside a transaction. Throws for one that could not be run again after it
 * was stopped half-way.
 */
function readOutside(name: string, text: string): readonly string[] | null {
  if (!text.startsWith(MARK)) return null;
  const statements = text
    .replace(/^--.*$/gm, '')
    .split(/;\s*$/m)
    .map((statement) => statement.trim().replace(/\s+/g, ' '))
    .filter((statement) => statement !== '');
  for (const statement of statements) {
    if (REPEATABLE.some((form) => form.test(statement))) continue;
    throw new Error(`${name} runs outside a transaction, where this cannot be repeated after a crash: ${statement}`);
  }
  return statements;
}

/** The migrations of a folder in the order of their names. */
export async function readMigrationFiles(folder: string): Promise<MigrationFile[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort();
  return Promise.all(
    files.map(async (file) => {
      const text = await readFile(path.join(folder, file), 'utf8');
      const name = path.basename(file, '.sql');
      return { name, text, outside: readOutside(name, text) };
    }),
  );
}
