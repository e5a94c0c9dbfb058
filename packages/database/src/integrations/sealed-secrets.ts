import { sql } from 'kysely';
import type { Database } from '../connection/connection.js';
import { recordset } from '../connection/recordset.js';

/** A stored secret as it is sealed, and what it belongs to. */
export interface SealedSecret {
  /** The row's id. */
  readonly id: bigint;
  /** The integration of a token, the offer of a postback secret: what the seal is bound to. */
  readonly ownerId: bigint;
  readonly sealed: string;
}

/** `from`: the sealed text that the row must still hold. */
export interface ReencryptedSecret {
  readonly id: bigint;
  readonly from: string;
  readonly to: string;
}

/** The tables that hold sealed secrets. */
export const SEALED_SECRETS = ['network_tokens', 'postback_secrets'] as const;
export type SealedSecretKind = (typeof SEALED_SECRETS)[number];

const PLACES = {
  network_tokens: { table: sql.table('integrations'), column: sql.ref('network_token_sealed'), owner: sql.ref('id') },
  postback_secrets: {
    table: sql.table('postback_secrets'),
    column: sql.ref('secret_sealed'),
    owner: sql.ref('offer_id'),
  },
};

/** Sealed secrets behind an id, in the order of their ids; those of deleted integrations too, which may come back. */
export async function listSealedSecrets(
  db: Database,
  kind: SealedSecretKind,
  page: { readonly afterId: bigint; readonly limit: number },
): Promise<SealedSecret[]> {
  const { table, column, owner } = PLACES[kind];
  const { rows } = await sql<SealedSecret>`
    SELECT id, ${owner} AS "ownerId", ${column} AS sealed FROM ${table}
    WHERE id > ${page.afterId} ORDER BY id LIMIT ${page.limit}`.execute(db);
  return rows;
}

/**
 * Replaces sealed texts, at most a thousand, each only where the row still holds the one it was made from: a token that
 * was changed meanwhile is sealed by the first key already. Returns how many were replaced.
 */
export async function replaceSealedSecrets(
  db: Database,
  kind: SealedSecretKind,
  secrets: readonly ReencryptedSecret[],
): Promise<number> {
  const { table, column } = PLACES[kind];
  // The locks first and in the order of ids, so that two who rotate at once do not wait for each other.
  const { numAffectedRows } = await sql`
    WITH wanted AS MATERIALIZED (
      SELECT t.id, r.to_text FROM ${recordset(
        secrets.map(({ id, from, to }) => ({ id, from_text: from, to_text: to })),
        'id bigint, from_text text, to_text text',
      )} JOIN ${table} t ON t.id = r.id AND t.${column} = r.from_text
      ORDER BY t.id FOR UPDATE OF t
    )
    UPDATE ${table} SET ${column} = wanted.to_text FROM wanted WHERE ${table}.id = wanted.id`.execute(db);
  return Number(numAffectedRows ?? 0n);
}
