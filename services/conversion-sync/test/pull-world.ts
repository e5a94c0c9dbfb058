import { createConversionRun, inTransaction, openDatabase, type Database } from '@trackly-tune/database';
import { windowOfDays } from '@trackly-tune/domain';
import { addIntegration, createTestDatabase, type AddedIntegration } from '@trackly-tune/testing';
import { sql } from 'kysely';
import type { NetworkOutcome } from '@trackly-tune/sync-engine';
import { pullOnce, type PullOptions } from './pull-once.js';
import type { ScriptedNetwork } from './scripted-network.js';

export type Integration = AddedIntegration;

export interface PullWorld {
  readonly db: Database;
  readonly databaseUrl: string;
  close(): Promise<void>;
}

export async function createPullWorld(): Promise<PullWorld> {
  const database = await createTestDatabase();
  const { db, close } = openDatabase({ databaseUrl: database.url, name: 'pull-world' });
  return {
    db,
    databaseUrl: database.url,
    async close() {
      await close();
      await database.drop();
    },
  };
}

/** An integration of an account and a network of its own, with an hourly schedule that is due now. */
export async function addDueIntegration(
  db: Database,
  options: { networkId?: string; sealed?: string; coveredThrough?: Date } = {},
): Promise<Integration> {
  const { coveredThrough, ...rest } = options;
  const integration = await addIntegration(db, rest);
  await sql`
    INSERT INTO sync_schedules (integration_id, kind, enabled, every_ms, next_at, coverage_starts_at, covered_through)
    VALUES (${integration.id}, 'conversions', true, 3600000, clock_timestamp(),
      least(clock_timestamp(), ${coveredThrough ?? null}::timestamptz) - interval '7 days', ${coveredThrough ?? null})`.execute(
    db,
  );
  return integration;
}

export async function addRun(
  db: Database,
  { id }: Pick<Integration, 'id'>,
  days: { from: string; to: string } = { from: '2026-11-17', to: '2026-11-26' },
): Promise<bigint> {
  const window = windowOfDays(days.from, days.to, 'America/New_York');
  const run = await inTransaction(db, (tx) =>
    createConversionRun(tx, { integrationId: id, window, trigger: 'manual' }),
  );
  return run.id;
}

/** Pulls a network once, as the job does. */
export function pull(
  db: Database,
  networkId: string,
  network: ScriptedNetwork,
  changes: Partial<PullOptions> = {},
): Promise<NetworkOutcome> {
  return pullOnce(db, networkId, { openClient: network.open, pageRowsMax: 2, ...changes });
}

/** Pulls as if every wait of the network were over, until no run of it is left to be pulled. */
export async function outlastWaits(
  db: Database,
  networkId: string,
  network: ScriptedNetwork,
  changes: Partial<PullOptions> = {},
): Promise<void> {
  for (;;) {
    await pull(db, networkId, network, changes);
    const { rows } = await sql`
      UPDATE sync_slices s SET not_before = NULL FROM sync_runs r
      WHERE r.id = s.run_id AND s.lease_key = ${`conversions:${networkId}`} AND s.done_at IS NULL
        AND r.status IN ('queued', 'running') RETURNING 1`.execute(db);
    if (rows.length === 0) return;
  }
}

export interface RunView {
  readonly status: string;
  readonly pulled: boolean;
  readonly fetched: number;
  readonly inserted: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly rejected: number;
  readonly code: string | null;
}

export async function runOf(db: Database, runId: bigint): Promise<RunView> {
  const { rows } = await sql<RunView>`
    SELECT status, pulled_at IS NOT NULL AS pulled, fetched, inserted, updated, unchanged, rejected,
      error_code AS code FROM sync_runs WHERE id = ${runId}`.execute(db);
  const row = rows[0];
  if (!row) throw new Error('no such run');
  return row;
}

/** The codes in the integration's log, in order. */
export async function logOf(db: Database, { id }: Integration): Promise<string[]> {
  const { rows } = await sql<{ code: string }>`
    SELECT code FROM integration_log WHERE integration_id = ${id} ORDER BY id`.execute(db);
  return rows.map((row) => row.code);
}

/** What transactions are told apart by across accounts: the first of their conversions. */
const FIRST_OF = sql`(SELECT min(o.tune_event_id) FROM conversions o
  WHERE o.integration_id = c.integration_id AND o.transaction_id = c.transaction_id)`;

/** Everything that a pull stored for an integration, without ids and times: two equal ones are the same tables. */
export async function factsOf(db: Database, { id }: Integration): Promise<object> {
  const { rows: conversions } = await sql<object>`
    SELECT c.tune_event_id, c.version, encode(c.content_hash, 'hex') AS hash, c.status, c.payout_e5::text, c.currency,
      c.day::text, ${FIRST_OF} AS transaction, EXISTS (SELECT 1 FROM due_transactions t
        WHERE t.integration_id = c.integration_id AND t.transaction_id = c.transaction_id) AS due,
      (SELECT jsonb_agg(to_jsonb(v) - '{conversion_id,run_id,observed_at,recorded_at}'::text[] ORDER BY v.version)
        FROM conversion_versions v WHERE v.conversion_id = c.id) AS versions
    FROM conversions c
    WHERE c.integration_id = ${id} ORDER BY c.tune_event_id`.execute(db);
  const { rows: lookups } = await sql<object>`
    SELECT DISTINCT ${FIRST_OF} AS transaction, k.kind, k.value, l.key IS NOT NULL AS found
    FROM conversions c
    JOIN integrations i ON i.id = c.integration_id
    JOIN conversion_versions v ON v.conversion_id = c.id
    CROSS JOIN LATERAL (VALUES ('click', v.ad_id), ('click', v.affiliate_click_id), ('message', v.aff_sub)) k (kind, value)
    LEFT JOIN transaction_lookups l ON l.transaction_id = c.transaction_id
      AND l.key = hash_in_account(i.account_id, k.kind || ':' || k.value)
    WHERE c.integration_id = ${id} AND k.value IS NOT NULL ORDER BY 1, 2, 3`.execute(db);
  const { rows: unreadable } = await sql<object>`
    SELECT tune_event_id, reason, raw FROM unreadable_rows WHERE integration_id = ${id}
    ORDER BY tune_event_id, reason`.execute(db);
  return { conversions, lookups, unreadable };
}

/** Where every row of an integration's facts physically stands: the same before and after means that none was written. */
export async function placesOf(db: Database, { id }: Integration): Promise<string[]> {
  const { rows } = await sql<{ place: string }>`
    SELECT concat_ws(' ', 'c', c.xmin, c.ctid) AS place FROM conversions c WHERE c.integration_id = ${id}
    UNION ALL SELECT concat_ws(' ', 'v', v.xmin, v.ctid) FROM conversion_versions v
      JOIN conversions c ON c.id = v.conversion_id WHERE c.integration_id = ${id}
    UNION ALL SELECT concat_ws(' ', 't', t.xmin, t.ctid) FROM due_transactions t WHERE t.integration_id = ${id}
    UNION ALL SELECT concat_ws(' ', 'l', l.xmin, l.ctid) FROM transaction_lookups l
      WHERE l.transaction_id IN (SELECT transaction_id FROM conversions WHERE integration_id = ${id})
    UNION ALL SELECT concat_ws(' ', 'u', u.xmin, u.ctid) FROM unreadable_rows u WHERE u.integration_id = ${id}
    ORDER BY 1`.execute(db);
  return rows.map((row) => row.place);
}
