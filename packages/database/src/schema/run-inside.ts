import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf } from '@trackly-tune/domain';
import { Migrator, sql, type Migration } from 'kysely';
import type { Database } from '../connection/connection.js';
import type { MigrationFile } from './migration-files.js';

/** Whoever wants a table that a migration waits for stands behind it, so it waits this long and gives way. */
const LOCK_TIMEOUT_MS = 2_000;
const PAUSE_MS = 1_000;
const ATTEMPTS_MAX = 200;

/** A lock was not given in time; a deadlock with work that goes on. */
const IN_THE_WAY = new Set(['55P03', '40P01']);

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

/**
 * Applies files in one transaction, all of them or none. Gives way to work that holds a table for long, such as an
 * export, and tries again; throws its error after about ten minutes of that.
 */
export async function runInside(
  db: Database,
  applied: readonly string[],
  files: readonly MigrationFile[],
): Promise<void> {
  const migrator = migratorOf(db, applied, files);
  for (let attempt = 1; ; attempt++) {
    const { error } = await migrator.migrateToLatest();
    if (error === undefined) return;
    if (!IN_THE_WAY.has(codeOf(error) ?? '') || attempt >= ATTEMPTS_MAX) {
      throw error instanceof Error ? error : new Error('The migration failed', { cause: error });
    }
    await sleep(PAUSE_MS);
  }
}
