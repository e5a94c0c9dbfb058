import { sql } from 'kysely';
import type { Tx } from '../connection/connection.js';

/** What a slice asks the network for; a window is local text of the network, as TUNE's filters want it. */
export interface NewSlice {
  /** The day that this slice reads, whole or a part of it; null for a window of several. */
  readonly day: string | null;
  readonly from: string | null;
  readonly to: string | null;
}

/** A slice that reads no window: a catalogue, or the question for what was changed by hand. */
export const WITHOUT_WINDOW: NewSlice = { day: null, from: null, to: null };

/** From the first to the last second of some days. */
export const wholeDays = (from: string, to: string): Pick<NewSlice, 'from' | 'to'> => ({
  from: `${from} 00:00:00`,
  to: `${to} 23:59:59`,
});

/** The slice of one whole day. */
export const wholeDay = (day: string): NewSlice => ({ day, ...wholeDays(day, day) });

/**
 * Adds slices to a run, in this order. They are worked on under the lease of the integration's network.
 *
 * @param options.story what the lease is for: one worker at a time pulls conversions of a network, one its offers
 */
export async function addSlices(
  tx: Tx,
  runId: bigint,
  options: { story: 'conversions' | 'offers'; priority: number; slices: readonly NewSlice[] },
): Promise<void> {
  const { story, priority, slices } = options;
  await sql`
    INSERT INTO sync_slices (run_id, integration_id, lease_key, priority, day, window_from, window_to)
    SELECT r.id, r.integration_id, ${story}::text || ':' || i.network_id, ${priority}::int, n.day, n.window_from, n.window_to
    FROM sync_runs r JOIN integrations i ON i.id = r.integration_id,
      unnest(${slices.map(({ day }) => day)}::date[], ${slices.map(({ from }) => from)}::text[],
        ${slices.map(({ to }) => to)}::text[]) WITH ORDINALITY AS n (day, window_from, window_to, position)
    WHERE r.id = ${runId} ORDER BY n.position`.execute(tx);
}
