import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Migrator, sql, type Migration } from 'kysely';
import { openDatabase, type Database } from '../connection/connection.js';

const MIGRATIONS = fileURLToPath(new URL('../../migrations', import.meta.url));

async function readMigrations(): Promise<Record<string, Migration>> {
  const files = (await readdir(MIGRATIONS)).filter((file) => file.endsWith('.sql')).sort();
  const migrations: Record<string, Migration> = {};
  for (const file of files) {
    const text = await readFile(path.join(MIGRATIONS, file), 'utf8');
    migrations[path.basename(file, '.sql')] = {
      up: async (db) => {
        await sql.raw(text).execute(db);
      },
    };
  }
  return migrations;
}

/**
 * What a newer version has applied already stands in for itself: it is never run again, and what this version needs is
 * there, since a migration only expands (a newer schema is fine, so that a rollback works).
 */
async function readNewer(db: Database): Promise<Record<string, Migration>> {
  const { rows: tables } = await sql<{
    there: boolean;
  }>`SELECT to_regclass('kysely_migration') IS NOT NULL AS there`.execute(db);
  if (tables[0]?.there !== true) return {};
  const { rows } = await sql<{ name: string }>`SELECT name FROM kysely_migration ORDER BY name`.execute(db);
  const applied = async (): Promise<void> => undefined;
  return Object.fromEntries(rows.map(({ name }) => [name, { up: applied }]));
}

/**
 * Brings the schema up to date; one that a newer version has made is left as it is. Safe to run from many processes at once and again and again: Kysely's migrator takes
 * a lock, and all that is missing is applied in one transaction or not at all.
 */
export async function migrateToLatest(options: { databaseUrl: string }): Promise<{ applied: string[] }> {
  const { db, close } = openDatabase({ ...options, name: 'migrate', connectionsMax: 1, statementTimeoutMs: 600_000 });
  try {
    const migrations = { ...(await readNewer(db)), ...(await readMigrations()) };
    const getMigrations = () => Promise.resolve(migrations);
    const migrator = new Migrator({ db, provider: { getMigrations } });
    const { error, results } = await migrator.migrateToLatest();
    if (error !== undefined) throw error instanceof Error ? error : new Error('The migration failed', { cause: error });
    return { applied: (results ?? []).map(({ migrationName }) => migrationName) };
  } finally {
    await close();
  }
}
