import { sql } from 'kysely';
import type { Database } from '../connection/connection.js';
import { LOCK_TIMEOUT_MS, whenFree } from './when-free.js';

const INDEX = /^CREATE (?:UNIQUE )?INDEX CONCURRENTLY IF NOT EXISTS ([a-z0-9_]+) /;

/** An index whose building was stopped is there and useless: it is dropped, since IF NOT EXISTS would keep it. */
async function dropInvalid(session: Database, name: string): Promise<void> {
  const { rows } = await sql`
    SELECT 1 FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
    WHERE i.relname = ${name} AND i.relnamespace = 'public'::regnamespace AND NOT x.indisvalid`.execute(session);
  if (rows.length > 0) await sql`DROP INDEX CONCURRENTLY ${sql.ref(name)}`.execute(session);
}

/** Changes one table, and holds no other meanwhile. */
async function alter(session: Database, statement: string): Promise<void> {
  await sql.raw(`SET lock_timeout = ${LOCK_TIMEOUT_MS}`).execute(session);
  try {
    await sql.raw(statement).execute(session);
  } finally {
    await sql.raw('RESET lock_timeout').execute(session);
  }
}

/**
 * Runs a migration outside a transaction: each statement by itself, then the note that it was applied. Killed anywhere,
 * it is run again as a whole. Hold the migration lock.
 */
export async function runOutside(
  session: Database,
  { name, statements }: { name: string; statements: readonly string[] },
): Promise<void> {
  for (const statement of statements) {
    if (statement.startsWith('ALTER TABLE')) {
      await whenFree(() => alter(session, statement));
      continue;
    }
    const index = INDEX.exec(statement)?.[1];
    if (index !== undefined) await dropInvalid(session, index);
    // An index that is built concurrently waits for others and keeps nobody waiting.
    await sql.raw(statement).execute(session);
  }
  // Kysely orders what was applied by these times, so none is before the last one, whatever this process's clock says.
  await sql`
    INSERT INTO kysely_migration (name, timestamp)
    SELECT ${name}, greatest(max(timestamp), ${new Date().toISOString()}) FROM kysely_migration`.execute(session);
}
