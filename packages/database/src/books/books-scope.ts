import { sql, type RawBuilder } from 'kysely';
import type { Database } from '../connection/connection.js';

/** Whose books: an account's, or one integration's (deleted ones keep theirs). */
export type BooksScope = { readonly accountId: string } | { readonly integrationId: bigint };

/** The account of an integration, deleted ones included; null when there is no such integration. */
export async function findAccountOfIntegration(db: Database, integrationId: bigint): Promise<string | null> {
  const row = await db
    .selectFrom('integrations')
    .select('account_id')
    .where('id', '=', integrationId)
    .executeTakeFirst();
  return row?.account_id ?? null;
}

/** SQL that selects the ids of the integrations whose books these are. */
export function integrationsInScope(scope: BooksScope): RawBuilder<unknown> {
  return 'accountId' in scope
    ? sql`SELECT id FROM integrations WHERE account_id = ${scope.accountId}`
    : sql`SELECT ${scope.integrationId}::bigint AS id`;
}
