import { sql } from 'kysely';
import type { IdField, MessageIdField } from '@trackly-tune/domain';
import type { Database, Tx } from '../connection/connection.js';

/** A secret as it is stored: compared by its hash, shown from its sealed copy. */
export interface NewPostbackSecret {
  readonly hash: Buffer;
  readonly sealed: string;
}

export interface PostbackConfig {
  readonly offerId: bigint;
  readonly accountId: string;
  readonly messageIdField: MessageIdField;
  readonly clickIdField: IdField | null;
  readonly extraParameters: Readonly<Record<string, string>>;
  /** The current one first, then the one that is still valid for a while. */
  readonly secrets: readonly { readonly sealed: string; readonly createdAt: Date; readonly expiresAt: Date | null }[];
}

/** What an offer's postback URL is made of; null when there is no such offer. */
export async function readPostbackConfig(db: Database | Tx, offerId: bigint): Promise<PostbackConfig | null> {
  const offer = await db
    .selectFrom('offers as o')
    .innerJoin('integrations as i', 'i.id', 'o.integration_id')
    .innerJoin('integration_settings as s', (join) =>
      join.onRef('s.integration_id', '=', 'i.id').onRef('s.version', '=', 'i.settings_version'),
    )
    .select(['i.account_id', 's.message_id_field', 's.click_id_field', 'o.postback_extra_parameters'])
    .where('o.id', '=', offerId)
    .executeTakeFirst();
  if (offer === undefined) return null;
  const { rows: secrets } = await sql<{ sealed: string; createdAt: Date; expiresAt: Date | null }>`
    SELECT secret_sealed AS sealed, created_at AS "createdAt", expires_at AS "expiresAt" FROM postback_secrets
    WHERE offer_id = ${offerId} AND (expires_at IS NULL OR expires_at > statement_timestamp())
    ORDER BY expires_at DESC NULLS FIRST`.execute(db);
  return {
    offerId,
    accountId: offer.account_id,
    messageIdField: offer.message_id_field as MessageIdField,
    clickIdField: offer.click_id_field as IdField | null,
    extraParameters: offer.postback_extra_parameters as Record<string, string>,
    secrets,
  };
}

/** Integrations, at most `limit`, whose offers have a postback URL that somebody was shown; deleted ones left out. */
export async function listIntegrationsWithPostbackUrls(db: Database, limit: number): Promise<bigint[]> {
  const { rows } = await sql<{ id: bigint }>`
    SELECT i.id FROM integrations i
    WHERE i.deleted_at IS NULL AND EXISTS (
      SELECT 1 FROM offers o JOIN postback_secrets s ON s.offer_id = o.id AND s.expires_at IS NULL
      WHERE o.integration_id = i.id)
    ORDER BY i.id LIMIT ${limit}`.execute(db);
  return rows.map(({ id }) => id);
}

/** Gives an offer its first secret; one that has a current one keeps it, also when two ask at once. */
export async function addFirstSecret(db: Database, offerId: bigint, secret: NewPostbackSecret): Promise<void> {
  await sql`
    INSERT INTO postback_secrets (offer_id, secret_hash, secret_sealed)
    VALUES (${offerId}, ${secret.hash}, ${secret.sealed})
    ON CONFLICT (offer_id) WHERE expires_at IS NULL DO NOTHING`.execute(db);
}

/**
 * Makes another secret the current one. The one before stays valid for the overlap; what a former rotation left valid
 * ends at once, so that never more than two are.
 */
export async function rotateSecret(
  tx: Tx,
  offerId: bigint,
  secret: NewPostbackSecret,
  overlapHours: number,
): Promise<void> {
  // Two rotations at once take turns.
  await sql`SELECT 1 FROM offers WHERE id = ${offerId} FOR NO KEY UPDATE`.execute(tx);
  await sql`
    UPDATE postback_secrets SET expires_at = clock_timestamp()
    WHERE offer_id = ${offerId} AND expires_at > statement_timestamp()`.execute(tx);
  await sql`
    UPDATE postback_secrets SET expires_at = clock_timestamp() + ${overlapHours} * interval '1 hour'
    WHERE offer_id = ${offerId} AND expires_at IS NULL`.execute(tx);
  await sql`
    INSERT INTO postback_secrets (offer_id, secret_hash, secret_sealed)
    VALUES (${offerId}, ${secret.hash}, ${secret.sealed})`.execute(tx);
}

/** Sets what a person adds to the URL; all of it is replaced. */
export async function setExtraParameters(
  db: Database,
  offerId: bigint,
  parameters: Readonly<Record<string, string>>,
): Promise<void> {
  await sql`
    UPDATE offers SET postback_extra_parameters = ${JSON.stringify(parameters)}::jsonb, updated_at = clock_timestamp()
    WHERE id = ${offerId}`.execute(db);
}
