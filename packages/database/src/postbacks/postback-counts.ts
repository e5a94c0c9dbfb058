import { sql } from 'kysely';
import type { Database } from '../connection/connection.js';
import { recordset } from '../connection/recordset.js';

/** How many deliveries of one minute were refused before anything was kept of them, or were repetitions. */
export interface PostbackCount {
  /** Null for an offer that nobody knows. */
  readonly offerId: bigint | null;
  readonly code: string;
  readonly minute: Date;
  readonly count: number;
}

/** Adds to the counts: one statement, sorted so that several copies do not wait for each other in a circle. */
export async function addPostbackCounts(db: Database, counts: readonly PostbackCount[]): Promise<void> {
  if (counts.length === 0) return;
  const records = counts.map(({ offerId, code, minute, count }) => ({ offer_id: offerId, code, minute, count }));
  await sql`
    INSERT INTO postback_counts AS c (offer_id, code, minute, count)
    SELECT offer_id, code, minute, count
    FROM ${recordset(records, 'offer_id bigint, code text, minute timestamptz, count bigint')}
    ORDER BY minute, offer_id, code
    ON CONFLICT ON CONSTRAINT postback_counts_key DO UPDATE SET count = c.count + excluded.count`.execute(db);
}

/** The minutes with counts older than so many days, at most `minutesMax`, oldest first. */
export async function forgettableMinutes(db: Database, olderThanDays: number, minutesMax: number): Promise<Date[]> {
  const { rows } = await sql<{ minute: Date }>`
    SELECT DISTINCT minute FROM postback_counts
    WHERE minute < statement_timestamp() - ${olderThanDays} * interval '1 day' ORDER BY minute LIMIT ${minutesMax}`.execute(
    db,
  );
  return rows.map(({ minute }) => minute);
}

/** Forgets the counts of these minutes. */
export async function forgetMinutes(db: Database, minutes: readonly Date[]): Promise<void> {
  await sql`DELETE FROM postback_counts WHERE minute = ANY(${minutes}::timestamptz[])`.execute(db);
}

/** Counts of an integration's offers of the last hours, by offer and code. */
export async function readPostbackCounts(
  db: Database,
  integrationId: bigint,
  lastHours: number,
): Promise<{ offer_id: bigint; code: string; count: number }[]> {
  const { rows } = await sql<{ offer_id: bigint; code: string; count: number }>`
    SELECT c.offer_id, c.code, least(sum(c.count), 9007199254740991)::float8 AS count
    FROM postback_counts c JOIN offers o ON o.id = c.offer_id
    WHERE o.integration_id = ${integrationId} AND c.minute >= statement_timestamp() - ${lastHours} * interval '1 hour'
    GROUP BY c.offer_id, c.code ORDER BY count DESC, c.offer_id, c.code LIMIT 100`.execute(db);
  return rows;
}
