import { sql } from 'kysely';
import type { Database, Tx } from '../connection/connection.js';
import { addSlices, wholeDay, WITHOUT_WINDOW } from './add-slices.js';
import { addRun } from './create-run.js';
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
  const { rows: read } = await sql<{ day: string }>`
    SELECT DISTINCT day FROM sync_slices WHERE run_id = ${runId} AND day = ANY (${[...days]}::date[])`.execute(tx);
  const known = new Set(read.map(({ day }) => day));
  const added = [...new Set(days)].filter((day) => !known.has(day)).toSorted();
  const slices = added.toReversed().map(wholeDay);
  await addSlices(tx, runId, { story: 'conversions', priority: SLICE_PRIORITY.changes, slices });
  await sql`
    UPDATE sync_runs r SET window_from = s.first, window_to = s.last, progress_total = s.days
    FROM (SELECT min(day) AS first, max(day) AS last, count(DISTINCT day)::int AS days
      FROM sync_slices WHERE run_id = ${runId}) s
    WHERE r.id = ${runId}`.execute(tx);
}

/** True while a pass for late changes still asks the network. */
async function isAsking(tx: Tx, integrationId: bigint): Promise<boolean> {
  const open = await tx
    .selectFrom('sync_runs')
    .select('id')
    .where('integration_id', '=', integrationId)
    .where('kind', '=', 'changes')
    .where('status', 'in', ['queued', 'running'])
    .where('pulled_at', 'is', null)
    .executeTakeFirst();
  return open !== undefined;
}

/**
 * Creates a run that looks for late changes: a first slice asks the network which conversions were changed by hand,
 * one more for each day of the ladder reads that day again. Null when one is open already.
 */
export async function createChangesRun(
  tx: Tx,
  run: { integrationId: bigint; ladderDays: readonly string[]; ladderThrough: string },
): Promise<bigint | null> {
  const { integrationId, ladderDays, ladderThrough } = run;
  if (await isAsking(tx, integrationId)) return null;
  const id = await addRun(tx, {
    integration_id: integrationId,
    kind: 'changes',
    trigger: 'schedule',
    progress_unit: 'days',
    ladder_through: ladderThrough,
  });
  if (id === null) return null;
  await addSlices(tx, id, { story: 'conversions', priority: SLICE_PRIORITY.changes, slices: [WITHOUT_WINDOW] });
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
