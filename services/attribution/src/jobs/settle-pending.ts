import type { Handlers } from '@trackly-tune/queues';
import type { TimedLoop } from '@trackly-tune/service-runtime';

/**
 * Wakes the reconciler, which finds in PostgreSQL what there is to do. The job carries nothing and waits for nothing:
 * what a lost one pointed at is found at the reconciler's next turn.
 */
export function settlePendingJob(loop: Pick<TimedLoop, 'poke'>): NonNullable<Handlers['settle-pending']> {
  return async () => loop.poke();
}
