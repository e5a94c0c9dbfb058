import { sql } from 'kysely';
import { integrationsInScope, type BooksScope } from './books-scope.js';
import type { Database } from '../connection/connection.js';

/**
 * The moment up to which every integration of a scope has been pulled without a gap: before it nothing is missing but what
 * networks change later. Null where one never was, or there is none. Deleted ones are left out: nobody pulls them any more.
 */
export async function readCompleteThrough(db: Database, scope: BooksScope): Promise<Date | null> {
  const { rows } = await sql<{ at: Date | null }>`
    SELECT CASE WHEN bool_and(s.covered_through IS NOT NULL) THEN min(s.covered_through) END AS at
    FROM integrations i LEFT JOIN sync_schedules s ON s.integration_id = i.id AND s.kind = 'conversions'
    WHERE i.id IN (${integrationsInScope(scope)}) AND i.deleted_at IS NULL`.execute(db);
  return rows[0]?.at ?? null;
}
