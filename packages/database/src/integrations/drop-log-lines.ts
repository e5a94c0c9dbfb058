import { sql } from 'kysely';
import type { Tx } from '../connection/connection.js';
import type { OldRows } from '../retention/age.js';

/** Drops old lines of the log. Returns how many. */
export async function dropLogLines(tx: Tx, { pages, before }: OldRows): Promise<number> {
  const { numAffectedRows } = await sql`DELETE FROM integration_log k WHERE ${pages} AND k.at < ${before}`.execute(tx);
  return Number(numAffectedRows ?? 0n);
}
