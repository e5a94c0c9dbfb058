import { sql } from 'kysely';
import type { Database } from '../connection/connection.js';

/**
 * Remembers for ever that calls have gone out through a rate budget in Redis. A Redis that knows of none although this
 * does has lost its memory, and everybody pauses (law 9).
 */
export function createBudgetMemory(db: Database): { wasUsedBefore(): Promise<boolean>; remember(): Promise<void> } {
  return {
    async wasUsedBefore() {
      const { rows } = await sql<{ used: boolean }>`
        SELECT EXISTS (SELECT 1 FROM rate_budget_memory) AS used`.execute(db);
      return rows[0]?.used ?? false;
    },
    async remember() {
      await sql`INSERT INTO rate_budget_memory (one) VALUES (true) ON CONFLICT (one) DO NOTHING`.execute(db);
    },
  };
}
