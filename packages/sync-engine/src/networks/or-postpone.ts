import {
  holdLease,
  inTransaction,
  isStoreAway,
  LeaseLostError,
  postponeSlice,
  type Database,
  type DueSlice,
  type NetworkLease,
} from '@trackly-tune/database';

/** So long the other slices of the network go first. */
const POSTPONED_MS = 5 * 60_000;

/**
 * Works on a slice. Where neither the work nor what is done about its failure goes through, e.g. since its run cannot
 * be written, the slice is put off, under the lease, so that others of the network get their turns.
 */
export async function orPostpone(
  options: {
    readonly db: Database;
    readonly signal: AbortSignal;
    readonly onUnexpected: (error: unknown, slice: DueSlice) => void;
  },
  { slice, lease }: { readonly slice: DueSlice; readonly lease: NetworkLease },
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof LeaseLostError || options.signal.aborted || isStoreAway(error)) throw error;
    await inTransaction(options.db, async (tx) => {
      await holdLease(tx, lease);
      await postponeSlice(tx, slice, { delayMs: POSTPONED_MS, failed: true });
    });
    options.onUnexpected(error, slice);
  }
}
