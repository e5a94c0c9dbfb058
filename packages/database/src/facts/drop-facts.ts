import { sql } from 'kysely';
import type { Tx } from '../connection/connection.js';
import type { OldRows } from '../retention/age.js';
import { CLICK_IS_USED, MESSAGE_IS_USED } from '../retention/used-facts.js';

/** Drops clicks that are old and used by nothing. Call `holdDecisions` before. Returns how many. */
export async function dropClicks(tx: Tx, { pages, before }: OldRows): Promise<number> {
  const { numAffectedRows } = await sql`
    DELETE FROM clicks k WHERE ${pages} AND k.received_at < ${before} AND NOT ${CLICK_IS_USED}`.execute(tx);
  return Number(numAffectedRows ?? 0n);
}

/** The same for messages. */
export async function dropMessages(tx: Tx, { pages, before }: OldRows): Promise<number> {
  const { numAffectedRows } = await sql`
    DELETE FROM messages k WHERE ${pages} AND k.received_at < ${before} AND NOT ${MESSAGE_IS_USED}`.execute(tx);
  return Number(numAffectedRows ?? 0n);
}
