import { sql } from 'kysely';
import type { Tx } from '../connection/connection.js';
import type { OldRows } from '../retention/age.js';

/**
 * Drops old postbacks that were refused. Accepted ones are facts: what they say is in the books, and a repetition must
 * find them. Returns how many.
 */
export async function dropRefused(tx: Tx, { pages, before }: OldRows): Promise<number> {
  const { numAffectedRows } = await sql`
    DELETE FROM postbacks k WHERE ${pages} AND k.refused_code IS NOT NULL AND k.received_at < ${before}`.execute(tx);
  return Number(numAffectedRows ?? 0n);
}
