import { hasUrgentSlice, type Database, type DueSlice } from '@trackly-tune/database';

export interface UrgentWatch {
  /** Aborts once live work of the network has waited for a whole look: the page under way is given up. */
  readonly signal: AbortSignal;
  stop(): void;
}

/**
 * Looks for live work of the network while a page of the background is under way. A page that ends between two looks is
 * kept, and the slice gives way at its boundary; one that takes longer, or still waits for its turn in the rate budget,
 * is given up and asked for again later.
 */
export function watchUrgent(db: Database, slice: DueSlice, everyMs: number): UrgentWatch {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let seen = false;
  async function look(): Promise<void> {
    // A database that is away for a moment says nothing; the page's own transaction will.
    const urgent = await hasUrgentSlice(db, slice).catch(() => false);
    if (urgent && seen) controller.abort(new Error('Live work goes first'));
    seen = urgent;
    if (timer !== undefined) schedule();
  }
  function schedule(): void {
    timer = setTimeout(() => void look(), everyMs);
  }
  schedule();
  return {
    signal: controller.signal,
    stop() {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
