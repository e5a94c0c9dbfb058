import { sql } from 'kysely';
import type { Database } from './connection.js';

/** For readiness checks. Throws when PostgreSQL does not answer. */
export async function pingDatabase(db: Database): Promise<void> {
  await sql`SELECT 1`.execute(db);
}
