import { CodedError } from '@trackly-tune/domain';
import { sql } from 'kysely';
import type { Database } from '../connection/connection.js';
import { RELAY_LOCK_KEY } from './relay-ledger.js';

/** Up to which number of the books: a number of the sequence, a moment, or everything there is. */
export type AsOf = { readonly seq: bigint } | { readonly moment: Date } | 'latest';

/** The books have no such number yet, or the moment has not come: the answer could still change. */
export class AsOfAheadError extends CodedError<'as_of_ahead'> {
  constructor(message: string) {
    super('as_of_ahead', message, { advice: 'never' });
  }
}

/**
 * Turns a moment into the last number of the books at that moment (law 4). The lock keeps the relay from stamping
 * meanwhile: whatever it has stamped is visible, whatever it will stamp is later than PostgreSQL's clock now. Not in a
 * REPEATABLE READ transaction, whose snapshot would be older than the lock. Throws AsOfAheadError.
 */
export async function resolveMoment(db: Database, moment: Date): Promise<bigint> {
  return db.transaction().execute(async (tx) => {
    await sql`SELECT pg_advisory_xact_lock_shared(${RELAY_LOCK_KEY}::bigint)`.execute(tx);
    // One stamp covers a batch of entries. Materialized, or PostgreSQL may look for the stamp from the newest entry back.
    const { rows } = await sql<{ ahead: boolean; seq: bigint }>`
      WITH last_stamped AS MATERIALIZED (
        SELECT last_seq AS seq FROM ledger_feed
        WHERE at = (SELECT max(at) FROM ledger_feed WHERE at <= ${moment}::timestamptz)
      )
      SELECT ${moment}::timestamptz >= clock_timestamp() AS ahead, coalesce(max(seq), 0) AS seq
      FROM last_stamped`.execute(tx);
    const { ahead = false, seq = 0n } = rows[0] ?? {};
    if (ahead) throw new AsOfAheadError('as_of is in the future');
    return seq;
  });
}
