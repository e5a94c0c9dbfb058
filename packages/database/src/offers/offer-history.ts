import { sql } from 'kysely';
import type { FieldChange } from '@trackly-tune/domain';
import type { Database, Tx } from '../connection/connection.js';
import { recordset } from '../connection/recordset.js';

/** `expired`: its expiration came between two syncs. */
export type OfferChangeCause =
  'created' | 'import' | 'auto_import' | 'sync' | 'vanished' | 'returned' | 'edit' | 'expired';

export interface OfferChange {
  readonly offerId: bigint;
  readonly cause: OfferChangeCause;
  readonly runId: bigint | null;
  readonly changedBy: string | null;
  readonly changes: Readonly<Record<string, FieldChange>>;
}

/** Appends to the history of offers, in the transaction that changes them. */
export async function recordOfferChanges(tx: Tx, changes: readonly OfferChange[]): Promise<void> {
  if (changes.length === 0) return;
  const records = changes.map((change) => ({
    offer_id: change.offerId,
    cause: change.cause,
    run_id: change.runId,
    changed_by: change.changedBy,
    changes: change.changes,
  }));
  await sql`
    INSERT INTO offer_changes (offer_id, cause, run_id, changed_by, changes)
    SELECT offer_id, cause, run_id, changed_by, changes
    FROM ${recordset(records, 'offer_id bigint, cause text, run_id bigint, changed_by text, changes jsonb')}
    ORDER BY offer_id`.execute(tx);
}

export interface OfferChangeRow {
  readonly id: bigint;
  readonly at: Date;
  readonly cause: OfferChangeCause;
  readonly run_id: bigint | null;
  readonly changed_by: string | null;
  readonly changes: Readonly<Record<string, FieldChange>>;
}

/** An offer's history, newest first, from before a change of it. */
export async function readOfferHistory(
  db: Database,
  offerId: bigint,
  page: { before: bigint | null; limit: number },
): Promise<OfferChangeRow[]> {
  const older = page.before === null ? sql`` : sql`AND id < ${page.before}`;
  const { rows } = await sql<OfferChangeRow>`
    SELECT id, at, cause, run_id, changed_by, changes FROM offer_changes
    WHERE offer_id = ${offerId} ${older} ORDER BY id DESC LIMIT ${page.limit}`.execute(db);
  return rows;
}
