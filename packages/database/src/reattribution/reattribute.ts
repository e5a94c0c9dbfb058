import { sql } from 'kysely';
import type { Database, Tx } from '../connection/connection.js';
import { notParked, type ParkableItem } from '../parking/parked-items.js';
import {
  cancelReattributionRun,
  countReattributedBatch,
  createReattributionRun,
  endReattributionBatches,
} from '../runs/reattribution-run.js';
import { joinDecision } from '../transactions/current-decision.js';
import { pinSettings } from './pin-settings.js';
import { countInScope, readScopeBatch, type ReattributionScope } from './reattribution-scope.js';

/** The last conversion of an integration; 0 when it has none. */
export async function findLastConversionId(db: Database | Tx, integrationId: bigint): Promise<bigint> {
  const { rows } = await sql<{ id: bigint | null }>`
    SELECT max(id) AS id FROM conversions WHERE integration_id = ${integrationId}`.execute(db);
  return rows[0]?.id ?? 0n;
}

/**
 * Creates a run that decides conversions again under other settings. It counts as running from the start: the next
 * turn of any attribution worker goes on with it. Wake `settle-pending` after the commit.
 */
export async function startReattribution(tx: Tx, scope: ReattributionScope): Promise<{ id: bigint }> {
  const { integrationId, from, to } = scope;
  const id = await createReattributionRun(tx, { integrationId, from, to, total: await countInScope(tx, scope) });
  await sql`
    INSERT INTO reattributions (run_id, integration_id, settings_version, conversion_ids, through_id)
    VALUES (${id}, ${integrationId}, ${scope.settingsVersion}, ${scope.conversionIds}::bigint[], ${scope.throughId})`.execute(
    tx,
  );
  return { id };
}

interface ReattributionRow {
  run_id: bigint;
  integration_id: bigint;
  settings_version: number;
  conversion_ids: string[] | null;
  through_id: bigint;
  cursor_id: bigint;
  window_from: string | null;
  window_to: string | null;
  cancel_requested: boolean;
}

const SELECTED = sql`
  SELECT a.run_id, a.integration_id, a.settings_version, a.conversion_ids::text[] AS conversion_ids, a.through_id,
    a.cursor_id, r.window_from, r.window_to, r.cancel_requested_at IS NOT NULL AS cancel_requested
  FROM reattributions a JOIN sync_runs r ON r.id = a.run_id`;

const OPEN = sql`r.status = 'running' AND r.kind = 'reattribution' AND r.pulled_at IS NULL`;
const UNPARKED = notParked('reattribution', 'a.run_id');
const IN_TURN = sql`a.worked_at NULLS FIRST, a.run_id`;

/** The re-attribution that waited longest for its turn, held by row locks until the transaction ends. */
async function takeNext(tx: Tx, only: readonly bigint[] | null): Promise<ReattributionRow | null> {
  const wanted = only === null ? UNPARKED : sql`a.run_id = ANY(${only}::bigint[])`;
  const { rows } = await sql<ReattributionRow>`
    ${SELECTED} WHERE ${OPEN} AND ${wanted} ORDER BY ${IN_TURN} LIMIT 1 FOR UPDATE OF a, r SKIP LOCKED`.execute(tx);
  return rows[0] ?? null;
}

/** The re-attribution whose turn is next; none when there is none. */
export async function nextReattribution(db: Database): Promise<ParkableItem[]> {
  const { rows } = await sql<ParkableItem>`
    SELECT a.run_id AS id, i.account_id AS "accountId", a.integration_id AS "integrationId"
    FROM reattributions a JOIN sync_runs r ON r.id = a.run_id LEFT JOIN integrations i ON i.id = a.integration_id
    WHERE ${OPEN} AND ${UNPARKED} ORDER BY ${IN_TURN} LIMIT 1`.execute(db);
  return rows;
}

function scopeOf(row: ReattributionRow): ReattributionScope {
  return {
    integrationId: row.integration_id,
    settingsVersion: row.settings_version,
    conversionIds: row.conversion_ids?.map(BigInt) ?? null,
    from: row.window_from,
    to: row.window_to,
    throughId: row.through_id,
  };
}

/** Walked per batch at most, however few of them are in scope. */
const WALKED_MAX = 20_000;

/**
 * Works on one batch of one re-attribution: pins it, re-opens its transactions and moves the cursor, all in one
 * transaction; a crash leaves either all of it or nothing. The row's lock is the lease: of several copies each takes
 * another run. Returns false when there was nothing to work on. `only` works on one of these, parked or not.
 */
export async function reattributeBatch(
  tx: Tx,
  conversionsMax: number,
  only: readonly bigint[] | null = null,
): Promise<boolean> {
  const row = await takeNext(tx, only);
  if (row === null) return false;
  const { run_id: runId } = row;
  if (row.cancel_requested) {
    await cancelReattributionRun(tx, runId);
    return true;
  }
  const scope = scopeOf(row);
  const batch = await readScopeBatch(tx, scope, {
    after: row.cursor_id,
    walkedMax: WALKED_MAX,
    foundMax: conversionsMax,
  });
  const transactionIds = [...new Set(batch.conversions.map(({ transactionId }) => transactionId))];
  const updated = transactionIds.length === 0 ? 0 : await pinSettings(tx, scope, transactionIds);
  await sql`
    UPDATE reattributions SET cursor_id = ${batch.next ?? scope.throughId}, worked_at = clock_timestamp()
    WHERE run_id = ${runId}`.execute(tx);
  const done = batch.conversions.filter(({ isClaimed }) => !isClaimed).length;
  await countReattributedBatch(tx, runId, { done, updated });
  if (batch.next === null) await endReattributionBatches(tx, runId);
  return true;
}

/** How the conversions of a re-attribution are attributed now; null for a run of another kind. */
export async function countReattributed(
  tx: Tx,
  runId: bigint,
): Promise<{ byClick: number; byMessage: number; byNone: number } | null> {
  const { rows } = await sql<ReattributionRow>`
    ${SELECTED} WHERE a.run_id = ${runId}`.execute(tx);
  const row = rows[0];
  if (row === undefined) return null;
  const { integrationId, conversionIds, from, to, throughId } = scopeOf(row);
  const counted = await sql<{ byClick: number; byMessage: number; byNone: number }>`
    SELECT count(*) FILTER (WHERE a.method = 'click')::int AS "byClick",
      count(*) FILTER (WHERE a.method = 'message_id')::int AS "byMessage",
      count(*) FILTER (WHERE a.method = 'none')::int AS "byNone"
    FROM conversions c ${joinDecision('c.id')}
    WHERE c.integration_id = ${integrationId} AND c.id <= ${throughId} AND a.claimed_by_id IS NULL
      AND (${conversionIds}::bigint[] IS NULL OR c.id = ANY(${conversionIds}::bigint[]))
      AND (${from}::date IS NULL OR c.day >= ${from}::date) AND (${to}::date IS NULL OR c.day <= ${to}::date)`.execute(
    tx,
  );
  return counted.rows[0] ?? null;
}
