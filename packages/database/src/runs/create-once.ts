import { ConcurrentChangeError } from '../connection/retry-transaction.js';

/** A run that was created, or one that is there already and is the same wish. */
export interface CreatedRun {
  readonly id: bigint;
  readonly created: boolean;
}

/**
 * Adds a run, or finds the one in its way. Between the two it may have begun or ended: then neither is there for this
 * wish, and the whole transaction is tried again. Throws ConcurrentChangeError for that, which `inTransaction` retries.
 *
 * @param steps.add null when another run is in the way
 * @param steps.find null when it is not in the way any more
 */
export async function createOnce(steps: {
  add: () => Promise<bigint | null>;
  find: () => Promise<bigint | null>;
}): Promise<CreatedRun> {
  const added = await steps.add();
  if (added !== null) return { id: added, created: true };
  const found = await steps.find();
  if (found === null) throw new ConcurrentChangeError('The run in the way has just begun or ended');
  return { id: found, created: false };
}
