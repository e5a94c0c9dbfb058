import { CodedError } from '@trackly-tune/domain';
import { sql } from 'kysely';
import type { Database, Tx } from '../connection/connection.js';

/** The right to pull from one network, until it expires or somebody takes it over. */
export interface NetworkLease {
  readonly leaseKey: string;
  readonly epoch: bigint;
  readonly leaseMs: number;
}

/** The lease was taken over: whatever was fetched under it must not be written. */
export class LeaseLostError extends CodedError<'lease_lost'> {
  constructor(leaseKey: string) {
    super('lease_lost', `The lease ${leaseKey} was taken over by another worker`, { advice: 'never' });
  }
}

/** Takes the lease when it is free or expired; null when somebody holds it. */
export async function takeLease(
  db: Database,
  options: { leaseKey: string; holder: string; leaseMs: number },
): Promise<NetworkLease | null> {
  const { leaseKey, holder, leaseMs } = options;
  const { rows } = await sql<{ epoch: bigint }>`
    INSERT INTO network_leases AS l (lease_key, epoch, holder, expires_at)
    VALUES (${leaseKey}, 1, ${holder}, clock_timestamp() + ${leaseMs} * interval '1 millisecond')
    ON CONFLICT (lease_key) DO UPDATE
      SET epoch = l.epoch + 1, holder = excluded.holder, expires_at = excluded.expires_at
      WHERE l.expires_at <= clock_timestamp()
    RETURNING epoch`.execute(db);
  const epoch = rows[0]?.epoch;
  return epoch === undefined ? null : { leaseKey, epoch, leaseMs };
}

/**
 * Renews the lease and locks it until the end of the transaction, so that nobody takes it over in between. Throws
 * LeaseLostError when its epoch is over: a page commits only while its lease holds (law 8).
 */
export async function holdLease(db: Database | Tx, lease: NetworkLease): Promise<void> {
  const { rows } = await sql`
    UPDATE network_leases SET expires_at = clock_timestamp() + ${lease.leaseMs} * interval '1 millisecond'
    WHERE lease_key = ${lease.leaseKey} AND epoch = ${lease.epoch} RETURNING 1`.execute(db);
  if (rows.length === 0) throw new LeaseLostError(lease.leaseKey);
}

/** Frees the lease, if it is still ours. */
export async function releaseLease(db: Database, lease: NetworkLease): Promise<void> {
  await sql`
    UPDATE network_leases SET expires_at = clock_timestamp()
    WHERE lease_key = ${lease.leaseKey} AND epoch = ${lease.epoch}`.execute(db);
}
