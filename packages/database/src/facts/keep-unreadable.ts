import { sql } from 'kysely';
import type { ReportRow, UnreadableReason } from '@trackly-tune/domain';
import type { Tx } from '../connection/connection.js';
import { contentHash } from '../connection/content-hash.js';
import { recordset } from '../connection/recordset.js';

/** A row of a report that could not be read. It must hold no secret, since people are shown it. */
export interface UnreadableRow {
  readonly tuneEventId: string | null;
  readonly reason: UnreadableReason;
  /** The field that made it so. */
  readonly field: string;
  readonly raw: ReportRow;
}

/**
 * Keeps the rows of a page that could not be read, each once for ever. Of one that an earlier run kept, only the number
 * is written: so every run knows its rows, and a row that comes back each hour is not written again.
 */
export async function keepUnreadable(
  tx: Tx,
  page: {
    readonly integrationId: bigint;
    readonly runId: bigint;
    readonly observedAt: string;
    readonly unreadable: readonly UnreadableRow[];
  },
): Promise<void> {
  if (page.unreadable.length === 0) return;
  const records = page.unreadable.map(({ tuneEventId, reason, field, raw }) => ({
    ...{ tune_event_id: tuneEventId, reason, field, raw },
    hash: contentHash({ reason, raw }),
  }));
  await sql`
    WITH r AS (
      SELECT DISTINCT ON (r.hash) r.*, decode(r.hash, 'hex') AS content_hash
      FROM ${recordset(records, 'tune_event_id text, reason text, field text, raw jsonb, hash text')} ORDER BY r.hash
    ), known AS (
      SELECT u.id, u.run_id, u.content_hash FROM r
      JOIN unreadable_rows u ON u.integration_id = ${page.integrationId} AND u.content_hash = r.content_hash
    ), added AS (
      INSERT INTO unreadable_rows (integration_id, tune_event_id, reason, field, content_hash, raw, observed_at, run_id)
      SELECT ${page.integrationId}, tune_event_id, reason, field, content_hash, raw,
        ${page.observedAt}::timestamptz, ${page.runId}
      FROM r WHERE NOT EXISTS (SELECT 1 FROM known WHERE known.content_hash = r.content_hash)
      ORDER BY r.hash ON CONFLICT DO NOTHING
    )
    INSERT INTO rejected_sightings (run_id, observed_at, row_ids)
    SELECT ${page.runId}, ${page.observedAt}::timestamptz, array_agg(id ORDER BY id) FROM known
    WHERE run_id IS DISTINCT FROM ${page.runId} HAVING count(*) > 0`.execute(tx);
}
