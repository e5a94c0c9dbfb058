import { sql } from 'kysely';
import type { Tx } from '../connection/connection.js';
import { recordset } from '../connection/recordset.js';
import { ConcurrentChangeError } from '../connection/retry-transaction.js';

/**
 * Of two observations of a conversion the one requested last wins, whichever is written first (product-rules.md, "State").
 * One that found nothing changed writes nothing (law 6), so it leaves no trace against an older one that is written
 * after it. Hence the requests that are under way are known: only where one of them started after the current version
 * was observed and before this observation, the observation moves the conversion's `observed_at` forward.
 *
 *   beginRequest ── the page is asked for ──► storePage, recordPage (or postponeSlice, splitSlice): it is over
 */

/** An observation: of which integration, and when its request started. */
export interface Observation {
  readonly integrationId: bigint;
  readonly observedAt: string;
}

/**
 * When the latest of the integration's requests started that are older than this observation and still under way; null
 * when there is none. Read it before the conversions are: one that is over by then has written what it had to.
 */
export async function latestOpenRequest(tx: Tx, observation: Observation): Promise<string | null> {
  const { integrationId, observedAt } = observation;
  const { rows } = await sql<{ at: string | null }>`
    SELECT max(s.requested_at)::text AS at
    FROM sync_slices s JOIN sync_runs r ON r.id = s.run_id
    WHERE s.integration_id = ${integrationId} AND s.requested_at IS NOT NULL
      AND s.requested_at < ${observedAt}::timestamptz AND r.status IN ('queued', 'running')`.execute(tx);
  return rows[0]?.at ?? null;
}

/**
 * Moves `observed_at` of unchanged conversions to this observation where `openRequest` started after their current
 * version was observed. Throws ConcurrentChangeError when that request was written in the meantime.
 */
export async function confirmUnchanged(
  tx: Tx,
  observation: Observation,
  unchanged: readonly { readonly tuneEventId: string; readonly hash: string }[],
  openRequest: string,
): Promise<void> {
  if (unchanged.length === 0) return;
  const { integrationId, observedAt } = observation;
  const records = unchanged.map(({ tuneEventId, hash }) => ({ tune_event_id: tuneEventId, hash }));
  const { rows } = await sql<{ overtaken: boolean | null }>`
    WITH locked AS (
      SELECT c.id, c.content_hash = decode(r.hash, 'hex') AS same, c.observed_at
      FROM ${recordset(records, 'tune_event_id text, hash text')}
      JOIN conversions c ON c.integration_id = ${integrationId} AND c.tune_event_id = r.tune_event_id
      WHERE c.observed_at < ${observedAt}::timestamptz
      ORDER BY c.id FOR UPDATE OF c
    ), moved AS (
      UPDATE conversions c SET observed_at = ${observedAt}::timestamptz
      FROM locked WHERE c.id = locked.id AND locked.same AND c.observed_at < ${openRequest}::timestamptz
    )
    SELECT bool_or(NOT same) AS overtaken FROM locked`.execute(tx);
  if (rows[0]?.overtaken === true) throw new ConcurrentChangeError('Another writer changed the same conversions');
}
