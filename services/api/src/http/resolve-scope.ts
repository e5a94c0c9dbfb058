import { findAccountOfIntegration, type BooksScope } from '@trackly-tune/database';
import type { FastifyRequest } from 'fastify';
import type { ApiPorts } from '../ports.js';

/** Throws the 404 of an account that the request's key may not see: accounts are walls (law 16). */
export function requireOwnAccount(ports: ApiPorts, request: FastifyRequest, accountId: string, what: string): void {
  const own = ports.accountOfKey(request);
  if (own !== null && own !== accountId) throw ports.notFound(what);
}

/**
 * Finds an integration by its id outside, deleted ones included, for they keep their books. Throws 404 for unknown
 * ones, for those of an account that the key may not see, and for those that are not of the account asked for.
 */
export async function requireIntegration(
  ports: ApiPorts,
  request: FastifyRequest,
  query: { integration_id: string; account_id?: string | undefined },
): Promise<bigint> {
  const integrationId = ports.readId('integration', query.integration_id);
  const accountId = await findAccountOfIntegration(ports.db, integrationId);
  if (accountId === null) throw ports.notFound('integration');
  if (query.account_id !== undefined && query.account_id !== accountId) throw ports.notFound('integration');
  requireOwnAccount(ports, request, accountId, 'integration');
  return integrationId;
}

/** Whose books a query asks for; one that names neither account nor integration was refused before. */
export async function requireScope(
  ports: ApiPorts,
  request: FastifyRequest,
  query: { integration_id?: string | undefined; account_id?: string | undefined },
): Promise<BooksScope> {
  const { integration_id, account_id } = query;
  if (account_id !== undefined) requireOwnAccount(ports, request, account_id, 'account');
  if (integration_id !== undefined) {
    return { integrationId: await requireIntegration(ports, request, { integration_id, account_id }) };
  }
  if (account_id === undefined) throw ports.invalid('account_id', 'account_id or integration_id is required');
  return { accountId: account_id };
}

/** What a list is of: one account or one integration where they are named, else all that the key may see. */
export async function readScope(
  ports: ApiPorts,
  request: FastifyRequest,
  query: { integration_id?: string | undefined; account_id?: string | undefined },
): Promise<{ accountId: string | undefined; integrationId: bigint | undefined }> {
  const { integration_id, account_id } = query;
  if (account_id !== undefined) requireOwnAccount(ports, request, account_id, 'account');
  const integrationId =
    integration_id === undefined ? undefined : await requireIntegration(ports, request, { integration_id, account_id });
  return { accountId: account_id ?? ports.accountOfKey(request) ?? undefined, integrationId };
}
