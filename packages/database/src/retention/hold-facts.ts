import { sql } from 'kysely';
import type { Tx } from '../connection/connection.js';

/** Stands for clicks and messages as a whole; hash of a name that nothing else uses. */
const LOCK = sql.raw(`hashtextextended('trackly-tune retention of facts', 0)`);

/**
 * Keeps every click and message until the transaction ends, so that what it decides by one that it has read is not
 * dropped before the decision is there to be seen. Shared: transactions that decide do not wait for each other.
 */
export async function holdFacts(tx: Tx): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock_shared(${LOCK})`.execute(tx);
}

/**
 * Waits until no transaction decides, and lets none begin until this one ends. Throws when that takes longer than
 * `waitMs` (`55P03`): whoever decides would wait behind it.
 */
export async function holdDecisions(tx: Tx, waitMs: number): Promise<void> {
  await sql`SELECT set_config('lock_timeout', ${`${waitMs}ms`}, true)`.execute(tx);
  await sql`SELECT pg_advisory_xact_lock(${LOCK})`.execute(tx);
}
