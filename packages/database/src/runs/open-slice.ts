import { sql } from 'kysely';

/** Which slices `s` of runs `r` may be worked on now. One place: what waits, what comes next and what is urgent agree. */
export const OPEN_SLICE = sql.raw(`s.done_at IS NULL AND (s.not_before IS NULL OR s.not_before <= clock_timestamp())
  AND r.status IN ('queued', 'running') AND r.kind <> 'reattribution'
  AND (r.paused_at IS NULL OR r.cancel_requested_at IS NOT NULL)`);
