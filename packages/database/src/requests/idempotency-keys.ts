import { sql } from 'kysely';
import type { Database, Tx } from '../connection/connection.js';

/** A request that its caller may repeat, named by the caller. */
export interface IdempotentCall {
  readonly apiKeyName: string;
  /** Method and path. */
  readonly route: string;
  readonly key: string;
  /** What tells two requests under one key apart. */
  readonly requestHash: string;
}

export interface KeptAnswer {
  readonly requestHash: string;
  readonly status: number;
  readonly body: unknown;
}

/** Answers are kept this long. */
const KEPT = sql.raw(`interval '24 hours'`);

/** Holds the name until the end of the transaction; false when a request under the same name is still running. */
export async function holdCall(tx: Tx, call: IdempotentCall): Promise<boolean> {
  const name = JSON.stringify([call.apiKeyName, call.route, call.key]);
  const { rows } = await sql<{ held: boolean }>`
    SELECT pg_try_advisory_xact_lock(hashtextextended(${name}, 0)) AS held`.execute(tx);
  return rows[0]?.held ?? false;
}

/** What was answered under this name in the last 24 hours; null when nothing was. */
export async function findKeptAnswer(db: Database | Tx, call: IdempotentCall): Promise<KeptAnswer | null> {
  const { rows } = await sql<{ request_hash: string; response_status: number; response_body: unknown }>`
    SELECT request_hash, response_status, response_body FROM idempotency_keys
    WHERE api_key_name = ${call.apiKeyName} AND route = ${call.route} AND key = ${call.key}
      AND created_at > statement_timestamp() - ${KEPT}`.execute(db);
  const row = rows[0];
  return row === undefined
    ? null
    : { requestHash: row.request_hash, status: row.response_status, body: row.response_body };
}

/** Keeps an answer in the transaction of its effect, over one that has expired. Hold the call first. */
export async function keepAnswer(
  tx: Tx,
  call: IdempotentCall,
  answer: { readonly status: number; readonly body: unknown },
): Promise<void> {
  await sql`
    INSERT INTO idempotency_keys (api_key_name, route, key, request_hash, response_status, response_body, created_at)
    VALUES (${call.apiKeyName}, ${call.route}, ${call.key}, ${call.requestHash}, ${answer.status},
      ${JSON.stringify(answer.body)}::json, clock_timestamp())
    ON CONFLICT (api_key_name, route, key) DO UPDATE SET request_hash = excluded.request_hash,
      response_status = excluded.response_status, response_body = excluded.response_body,
      created_at = excluded.created_at`.execute(tx);
}

/** The names of kept answers. */
export type KeptName = Pick<IdempotentCall, 'apiKeyName' | 'route' | 'key'>;

/** Expired answers, oldest first, behind the first `skipped` of them. */
export async function expiredAnswers(db: Database, rowsMax: number, skipped: number): Promise<KeptName[]> {
  const { rows } = await sql<KeptName>`
    SELECT api_key_name AS "apiKeyName", route, key FROM idempotency_keys
    WHERE created_at <= statement_timestamp() - ${KEPT}
    ORDER BY created_at, api_key_name, route, key LIMIT ${rowsMax} OFFSET ${skipped}`.execute(db);
  return rows;
}

/** Removes these answers if they have expired; returns how many there were. */
export async function forgetAnswers(db: Database, names: readonly KeptName[]): Promise<number> {
  const { numAffectedRows } = await sql`
    DELETE FROM idempotency_keys k
    USING unnest(${names.map((name) => name.apiKeyName)}::text[], ${names.map((name) => name.route)}::text[],
      ${names.map((name) => name.key)}::text[]) AS old(api_key_name, route, key)
    WHERE k.api_key_name = old.api_key_name AND k.route = old.route AND k.key = old.key
      AND k.created_at <= statement_timestamp() - ${KEPT}`.execute(db);
  return Number(numAffectedRows ?? 0n);
}

/** Removes expired answers, oldest first, at most `rowsMax` at once; returns how many. Copies do not meet. */
export async function forgetKeptAnswers(db: Database, rowsMax: number): Promise<number> {
  const { numAffectedRows } = await sql`
    DELETE FROM idempotency_keys k USING (
      SELECT api_key_name, route, key FROM idempotency_keys WHERE created_at <= statement_timestamp() - ${KEPT}
      ORDER BY created_at LIMIT ${rowsMax} FOR UPDATE SKIP LOCKED) old
    WHERE k.api_key_name = old.api_key_name AND k.route = old.route AND k.key = old.key`.execute(db);
  return Number(numAffectedRows ?? 0n);
}
