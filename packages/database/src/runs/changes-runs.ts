import { sql } from 'kysely';
import type { Database, Tx } from '../connection/connection.js';
import { finishSlice } from './finish-slice.js';
import { SLICE_PRIORITY } from './slice-priority.js';

/** How far the passes for late changes of an integration have come; days of the network. */
export interface ChangesState {
  readonly hintedThrough: string | null;
  readonly ladderThrough: string | null;
  /** Pulled without a gap since then. */
  readonly coverageStartsAt: Date;
  /** The oldest day that a conversion is held of. */
  readonly oldestDay: string | null;
  readonly now: Date;
}

export async function readChangesState(db: Database, integrationId: bigint): Promise<ChangesState> {
  const { rows } = await sql<ChangesState>`
    SELECT c.hinted_through AS "hintedThrough", c.ladder_through AS "ladderThrough",
      coalesce(k.coverage_starts_at, clock_timestamp()) AS "coverageStartsAt", clock_timestamp() AS now,
      (SELECT min(day) FROM conversions WHERE integration_id = ${integrationId}) AS "oldestDay"
    FROM (SELECT) AS one
    LEFT JOIN sync_schedules c ON c.integration_id = ${integrationId} AND c.kind = 'changes'
    LEFT JOIN sync_schedules k ON k.integration_id = ${integrationId} AND k.kind = 'conversions'`.execute(db);
  const [row] = rows;
  if (row === undefined) throw new Error('The state of late changes was not read');
  return row;
}

/** Those of some days that conversions are held of. */
export async function daysHeld(db: Database, integrationId: bigint, days: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ day: string }>`
    SELECT d.day FROM unnest(${[...days]}::date[]) AS d (day)
    WHERE EXISTS (SELECT 1 FROM conversions c WHERE c.integration_id = ${integrationId} AND c.day = d.day)`.execute(db);
  return rows.map((row) => row.day);
}

/** Adds slices for the days that the run does not read yet, newest first, and tells how many days it reads in all. */
async function addDays(tx: Tx, runId: bigint, days: readonly string[]): Promise<void> {
  await sql`
    INSERT INTO sync_slices (run_id, integration_id, lease_key, priority, day, window_from, window_to)
    SELECT r.id, r.integration_id, 'conversions:' || i.network_id, ${SLICE_PRIORITY.changes}, d.day,
      d.day || ' 00:00:00', d.day || ' 23:59:59'
    FROM sync_runs r JOIN integrations i ON i.id = r.integration_id,
      (SELECT DISTINCT day FROM unnest(${[...days]}::date[]) AS day) d
    WHERE r.id = ${runId} AND NOT EXISTS (SELECT 1 FROM sync_slices s WHERE s.run_id = r.id AND s.day = d.day)
    ORDER BY d.day DESC`.execute(tx);
  await sql`
    UPDATE sync_runs r SET window_from = s.first, window_to = s.last, progress_total = s.days
    FROM (SELECT min(day) AS first, max(day) AS last, count(DISTINCT day)::int AS days
      FROM sync_slices WHERE run_id = ${runId}) s
    WHERE r.id = ${runId}`.execute(tx);
}

/**
 * Creates a run that looks for late changes: a first slice asks the network which conversions were changed by hand,
 * one more for each day of the ladder reads that day again. Null when one is open already.
 */
export async function createChangesRun(
  tx: Tx,
  run: { integrationId: bigint; networkId: string; ladderDays: readonly string[]; ladderThrough: string },
): Promise<bigint | null> {
  const { integrationId, networkId, ladderDays, ladderThrough } = run;
  const { rows } = await sql<{ id: bigint }>`
    INSERT INTO sync_runs (integration_id, kind, trigger, progress_unit, ladder_through)
    SELECT ${integrationId}, 'changes', 'schedule', 'days', ${ladderThrough}
    WHERE NOT EXISTS (SELECT 1 FROM sync_runs WHERE integration_id = ${integrationId} AND kind = 'changes'
      AND status IN ('queued', 'running') AND pulled_at IS NULL)
    ON CONFLICT DO NOTHING RETURNING id`.execute(tx);
  const id = rows[0]?.id;
  if (id === undefined) return null;
  await sql`
    INSERT INTO sync_slices (run_id, integration_id, lease_key, priority)
    VALUES (${id}, ${integrationId}, ${`conversions:${networkId}`}, ${SLICE_PRIORITY.changes})`.execute(tx);
  await addDays(tx, id, ladderDays);
  return id;
}

/**
 * Ends the slice that asked for changes made by hand: the days it named get slices of their own. `hintedThrough` is
 * what a success of the run moves the watermark to; null when the network told nothing that counts.
 */
export async function finishHint(
  tx: Tx,
  hint: {
    slice: { id: bigint; runId: bigint };
    days: readonly string[];
    hintedThrough: string | null;
    apiCalls: number;
  },
): Promise<void> {
  const { slice, days, hintedThrough, apiCalls } = hint;
  await addDays(tx, slice.runId, days);
  await sql`
    UPDATE sync_runs SET hinted_through = ${hintedThrough}, api_calls = api_calls + ${apiCalls},
      worked_at = clock_timestamp() WHERE id = ${slice.runId}`.execute(tx);
  await finishSlice(tx, slice);
}

/** Whether a network tells of changes made by hand. */
export type LateChanges = 'unknown' | 'available' | 'not_available';

/** Remembers it. True when that is news. */
export async function learnLateChanges(tx: Tx, integrationId: bigint, told: LateChanges): Promise<boolean> {
  const { rows } = await sql`
    INSERT INTO network_traits AS t (integration_id, late_changes) VALUES (${integrationId}, ${told})
    ON CONFLICT (integration_id) DO UPDATE SET late_changes = excluded.late_changes
    WHERE t.late_changes <> excluded.late_changes RETURNING 1`.execute(tx);
  return rows.length > 0;
}
