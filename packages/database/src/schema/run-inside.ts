import { Migrator, sql, type Migration } from 'kysely';
import type { Database } from '../connection/connection.js';
import type { MigrationFile } from './migration-files.js';
import { LOCK_TIMEOUT_MS, whenFree } from './when-free.js';

/** Kysely's migrator over what was applied and these files. */
function migratorOf(db: Database, applied: readonly string[], files: readonly MigrationFile[]): Migrator {
  const nothing = async (): Promise<void> => undefined;
  const migrations: Record<string, Migration> = {};
  for (const name of applied) migrations[name] = { up: nothing };
  for (const { name, text } of files) {
    migrations[name] = {
      async up(tx) {
        await sql.raw(`SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}`).execute(tx);
        await sql.raw(text).execute(tx);
      },
    };
  }
  return new Migrator({ db, provider: { getMigrations: () => Promise.resolve(migrations) } });
}

/** Applies files in one transaction, all of them or none. */
export async function runInside(
  db: Database,
  applied: readonly string[],
  files: readonly MigrationFile[],
): Promise<void> {
  const migrator = migratorOf(db, applied, files);
  await whenFree(async () => {
    const { error } = await migrator.migrateToLatest();
    if (error !== undefined) throw error instanceof Error ? error : new Error('The migration failed', { cause: error });
  });
}
