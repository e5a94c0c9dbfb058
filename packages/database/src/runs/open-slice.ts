import { sql } from 'kysely';

/**
 * A run that waits while another reads the same window for the same integration: the second reading begins when the
 * first is over, so that whoever asks faster than a network answers has one run that reads and one that waits, and not
 * a crowd of runs that take turns and never end. Imports of offers have no window: each brings offers of its own.
 * One that accepts an empty catalogue is another wish.
 */
const BEHIND_SAME_WINDOW = `r.status = 'queued' AND r.cancel_requested_at IS NULL AND EXISTS (SELECT 1 FROM sync_runs same
    WHERE same.integration_id = r.integration_id AND same.kind = r.kind AND same.kind <> 'offer_import'
      AND same.status = 'running' AND same.pulled_at IS NULL AND same.accept_empty = r.accept_empty
      AND same.window_from IS NOT DISTINCT FROM r.window_from AND same.window_to IS NOT DISTINCT FROM r.window_to)`;

/** Which slices `s` of runs `r` may be worked on now. One place: what waits, what comes next and what is urgent agree. */
export const OPEN_SLICE = sql.raw(`s.done_at IS NULL AND (s.not_before IS NULL OR s.not_before <= statement_timestamp())
  AND r.status IN ('queued', 'running') AND r.kind <> 'reattribution'
  AND (r.paused_at IS NULL OR r.cancel_requested_at IS NOT NULL)
  AND NOT (${BEHIND_SAME_WINDOW})`);
