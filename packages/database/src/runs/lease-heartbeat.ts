import type { Database } from '../connection/connection.js';
import { holdLease, LeaseLostError, type NetworkLease } from './network-lease.js';

/**
 * Renews a lease while its holder waits for TUNE or for its turn, and aborts the work when the lease is lost. A
 * database that is away for a moment is left to the next renewal: the page's own transaction checks again.
 */
export function startHeartbeat(
  db: Database,
  lease: NetworkLease,
  outer: AbortSignal,
): { signal: AbortSignal; stop(): void } {
  const lost = new AbortController();
  const timer = setInterval(() => {
    holdLease(db, lease).catch((error: unknown) => {
      if (error instanceof LeaseLostError) lost.abort(error);
    });
  }, lease.leaseMs / 3);
  return { signal: AbortSignal.any([outer, lost.signal]), stop: () => clearInterval(timer) };
}
