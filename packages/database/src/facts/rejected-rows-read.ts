import { sql } from 'kysely';
import type { ReportRow, UnreadableReason } from '@trackly-tune/domain';
import type { Database, Tx } from '../connection/connection.js';

/** A row of a report that could not be read. */
export interface RejectedRow {
  readonly id: bigint;
  /** The run that was asked for and when it asked; without one the first run that saw the row. */
  readonly run_id: bigint | null;
  readonly at: Date;
  readonly tune_event_id: string | null;
  readonly reason: UnreadableReason;
  /** null for rows that were kept before it was. */
  readonly field: string | null;
  readonly raw: ReportRow;
  /** When it could be read after all, under later rules or settings. */
  readonly read_at: Date | null;
}

/** The ids of a run's rejected rows with the moment of the request, whichever run saw them first. */
const ofRun = (runId: bigint) => sql`
  SELECT id, min(observed_at) AS at FROM (
    SELECT id, observed_at FROM unreadable_rows WHERE run_id = ${runId}
    UNION ALL
    SELECT unnest(row_ids), observed_at FROM rejected_sightings WHERE run_id = ${runId}
  ) seen GROUP BY id`;

/** Rows of an integration in the order in which they were first seen, behind `after` (exclusive). One statement. */
export async function listRejectedRows(
  db: Database,
  filter: { integrationId: bigint; runId?: bigint | undefined; reason?: UnreadableReason | undefined },
  page: { after: bigint; limit: number },
): Promise<RejectedRow[]> {
  const { integrationId, runId, reason } = filter;
  const seen = runId === undefined ? sql`` : sql`JOIN (${ofRun(runId)}) s ON s.id = u.id`;
  const [run, at] = runId === undefined ? [sql`u.run_id`, sql`u.observed_at`] : [sql`${runId}::bigint`, sql`s.at`];
  const { rows } = await sql<RejectedRow>`
    SELECT u.id, ${run} AS run_id, ${at} AS at, u.tune_event_id, u.reason, u.field, u.raw, u.read_at
    FROM unreadable_rows u ${seen}
    WHERE u.integration_id = ${integrationId} AND u.id > ${page.after}
      AND (${reason ?? null}::text IS NULL OR u.reason = ${reason ?? null})
    ORDER BY u.id LIMIT ${page.limit}`.execute(db);
  return rows;
}

/** How many different rows of a run could not be read, by reason. */
export async function countRejected(tx: Tx, runId: bigint): Promise<Readonly<Record<string, number>>> {
  const { rows } = await sql<{ reason: string; rows: number }>`
    SELECT u.reason, count(*)::int AS rows FROM unreadable_rows u JOIN (${ofRun(runId)}) s ON s.id = u.id
    GROUP BY u.reason ORDER BY u.reason`.execute(tx);
  return Object.fromEntries(rows.map((row) => [row.reason, row.rows]));
}
