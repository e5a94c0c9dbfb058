import { LeaseLostError, releaseLease, takeLease, type Database, type NetworkLease } from '@trackly-tune/database';

/**
 * Works on a network under its lease: `held` when another worker has it. A lost lease or a stop ends the work at once
 * with `more`; nothing is lost, since the cursor stands at the last page that was committed.
 */
export async function withNetworkLease<Outcome>(
  db: Database,
  options: { leaseKey: string; holder: string; leaseMs: number; signal: AbortSignal },
  work: (lease: NetworkLease) => Promise<Outcome>,
): Promise<Outcome | 'held' | 'more'> {
  const { signal, ...wanted } = options;
  const lease = await takeLease(db, wanted);
  if (!lease) return 'held';
  try {
    return await work(lease);
  } catch (error) {
    if (error instanceof LeaseLostError || signal.aborted) return 'more';
    throw error;
  } finally {
    await releaseLease(db, lease).catch(() => undefined);
  }
}
