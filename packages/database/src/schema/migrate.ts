import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { openDatabase, type Database } from '../connection/connection.js';
import { readMigrationFiles, type MigrationFile } from './migration-files.js';
import { withMigrationLock } from './migration-lock.js';
import { runInside } from './run-inside.js';
import { runOutside } from './run-outside.js';

const MIGRATIONS = fileURLToPath(new URL('../../migrations', import.meta.url));
/** Of one statement; building an index of a large table is one. */
const STATEMENT_TIMEOUT_MS = 3_600_000;

/**
 * What a newer version has applied already stands in for itself: it is never run again, and what this version needs is
 * there, since a migration only expands (a newer schema is fine, so that a rollback works).
 */
async function readApplied(db: Database): Promise<string[]> {
  const { rows: tables } = await sql<{
    there: boolean;
  }>`SELECT to_regclass('kysely_migration') IS NOT NULL AS there`.execute(db);
  if (tables[0]?.there !== true) return [];
  const { rows } = await sql<{ name: string }>`SELECT name FROM kysely_migration ORDER BY name`.execute(db);
  return rows.map(({ name }) => name);
}

/** Applies what is missing by now, in its order. Hold the migration lock. */
async function applyMissing(session: Database, files: readonly MigrationFile[]): Promise<{ applied: string[] }> {
  const before = await readApplied(session);
  const applied: string[] = [];
  let together: MigrationFile[] = [];
  const flush = async (): Promise<void> => {
    if (together.length > 0) await runInside(session, [...before, ...applied], together);
    applied.push(...together.map(({ name }) => name));
    together = [];
  };
  for (const file of files.filter(({ name }) => !before.includes(name))) {
    if (file.outside === null) {
      together.push(file);
      continue;
    }
    await flush();
    await runOutside(session, { name: file.name, statements: file.outside });
    applied.push(file.name);
  }
  await flush();
  return { applied };
}

/**
 * Brings the schema up to date; one that a newer version has made is left as it is. Safe to run from many processes at
 * once and again and again: one does it, the others wait. What is missing is applied in one transaction or not at all;
 * a migration that runs outside a transaction parts those before it from those behind it.
 *
 * @param options.folder of the migrations; default the product's own
 */
export async function migrateToLatest(options: {
  databaseUrl: string;
  folder?: string;
}): Promise<{ applied: string[] }> {
  const { databaseUrl, folder = MIGRATIONS } = options;
  const files = await readMigrationFiles(folder);
  const pool = { databaseUrl, name: 'migrate', connectionsMax: 1, statementTimeoutMs: STATEMENT_TIMEOUT_MS };
  const { db, close } = openDatabase(pool);
  try {
    const before = await readApplied(db);
    if (files.every(({ name }) => before.includes(name))) return { applied: [] };
    return await withMigrationLock(db, (session) => applyMissing(session, files));
  } finally {
    await close();
  }
}
