import { codeOf } from '@trackly-tune/domain';
import { sql, type RawBuilder } from 'kysely';
import type { Database, Tx } from '../connection/connection.js';

/** What can be parked, by what its `item_id` is the id of. */
export const PARKED_KINDS = [
  /** A transaction that cannot be settled. */
  'transaction',
  /** An integration whose ledger entries cannot be numbered or folded: all of them wait, in their order. */
  'ledger',
  /** A stored postback that cannot be let in. */
  'postback',
  /** The mark of a late click or message whose transactions cannot be re-opened. */
  'late_fact',
  /** A postback (its conversion) whose time to be confirmed is over and cannot be told of. */
  'unconfirmed_postback',
  /** A run that cannot re-open its next conversions. */
  'reattribution',
  /** A run that cannot be ended although all of it is settled. */
  'finished_run',
  /** A run that was to stop and cannot be ended, by the worker that would do it. */
  'stopped_pull',
  'stopped_offer_sync',
  /** An integration whose schedule cannot be started, by its kind. */
  'conversions_schedule',
  'changes_schedule',
  'offers_schedule',
  /** A slice whose pages of a catalogue cannot be forgotten. */
  'catalogue_pages',
  /** An offer that cannot be made expired. */
  'offer_expiry',
] as const;
export type ParkedKind = (typeof PARKED_KINDS)[number];

/** Work that can be told apart from its neighbours. */
export interface ParkableItem {
  readonly id: bigint;
  readonly accountId: string | null;
  readonly integrationId: bigint | null;
}

export interface ParkedItem extends ParkableItem {
  readonly kind: ParkedKind;
  /** How often it was tried in vain. */
  readonly failures: number;
  readonly since: Date;
}

/** 1 min after the first failure, doubling to an hour. */
const pauseAfter = (failures: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`least(interval '1 minute' * power(2, least(${failures}, 10)), interval '1 hour')`;

const COLUMNS = sql.raw(`kind, item_id AS id, account_id AS "accountId", integration_id AS "integrationId", failures,
  since`);

const TEXT_MAX = 500;

function describe(error: unknown): { code: string; text: string } {
  const code = codeOf(error) ?? '';
  const text = error instanceof Error ? error.message : String(error);
  return {
    code: /^[A-Za-z0-9_]{1,64}$/.test(code) ? code : 'internal_error',
    text: text.replaceAll('\u0000', '').slice(0, TEXT_MAX),
  };
}

/** A condition of SQL: the id of this kind is not parked. One small table, read once for the statement. */
export function notParked(kind: ParkedKind, id: string): RawBuilder<unknown> {
  return sql`${sql.raw(id)} NOT IN (SELECT item_id FROM parked_items WHERE kind = ${kind})`;
}

/** Parks an item after it failed alone; says how often it has failed. */
export async function parkItem(
  db: Database,
  kind: ParkedKind,
  { id, accountId, integrationId }: ParkableItem,
  error: unknown,
): Promise<ParkedItem> {
  const { code, text } = describe(error);
  const { rows } = await sql<ParkedItem>`
    INSERT INTO parked_items AS p (kind, item_id, account_id, integration_id, not_before, error_code, error_text)
    VALUES (${kind}, ${id}, ${accountId}, ${integrationId}, clock_timestamp() + ${pauseAfter(sql`0`)}, ${code}, ${text})
    ON CONFLICT (kind, item_id) DO UPDATE SET failures = p.failures + 1, tried_at = clock_timestamp(),
      not_before = clock_timestamp() + ${pauseAfter(sql`p.failures`)}, error_code = excluded.error_code,
      error_text = excluded.error_text
    RETURNING ${COLUMNS}`.execute(db);
  const [parked] = rows;
  if (parked === undefined) throw new Error('A row that was written is gone');
  return parked;
}

/**
 * Takes parked items whose pause is over, the longest waiting first. Each counts as failed once more from now on, with
 * its next pause: also when this process dies of it. Copies take different ones.
 */
export async function takeParked(db: Database, kinds: readonly ParkedKind[], itemsMax: number): Promise<ParkedItem[]> {
  const { rows } = await sql<ParkedItem>`
    UPDATE parked_items p SET failures = p.failures + 1, tried_at = clock_timestamp(),
      not_before = clock_timestamp() + ${pauseAfter(sql`p.failures`)}
    FROM (SELECT kind, item_id FROM parked_items
      WHERE kind = ANY(${[...kinds]}::text[]) AND not_before <= statement_timestamp()
      ORDER BY not_before, kind, item_id LIMIT ${itemsMax} FOR UPDATE SKIP LOCKED) due
    WHERE p.kind = due.kind AND p.item_id = due.item_id
    RETURNING ${sql.raw(`p.kind, p.item_id AS id, p.account_id AS "accountId", p.integration_id AS "integrationId",
      p.failures, p.since`)}`.execute(db);
  return rows;
}

/** Keeps what a try of `takeParked` failed with. */
export async function keepFailure(db: Database, { kind, id }: ParkedItem, error: unknown): Promise<void> {
  const { code, text } = describe(error);
  await sql`
    UPDATE parked_items SET error_code = ${code}, error_text = ${text}
    WHERE kind = ${kind} AND item_id = ${id}`.execute(db);
}

/** It went through, or is gone: from now on it is in the sets again. */
export async function unpark(db: Database | Tx, { kind, id }: Pick<ParkedItem, 'kind' | 'id'>): Promise<void> {
  await sql`DELETE FROM parked_items WHERE kind = ${kind} AND item_id = ${id}`.execute(db);
}

/** How many items of each kind are parked. */
export async function countParked(db: Database): Promise<{ kind: string; count: number }[]> {
  const { rows } = await sql<{ kind: string; count: number }>`
    SELECT kind, count(*)::float8 AS count FROM parked_items GROUP BY kind ORDER BY kind`.execute(db);
  return rows;
}
