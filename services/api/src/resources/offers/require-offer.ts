import { findIntegration, type IntegrationRow, type Transaction } from '@trackly-tune/database';
import type { FastifyRequest } from 'fastify';
import type { ApiPorts } from '../../ports.js';
import { requireOwnAccount } from '../../http/resolve-scope.js';

/** An offer that the request's key may see; whatever else is 404 to it. */
export async function requireOffer<Row extends { account_id: string }>(
  ports: ApiPorts,
  request: FastifyRequest,
  id: string,
  find: (offerId: bigint) => Promise<Row | null>,
): Promise<Row> {
  const row = await find(ports.readId('offer', id));
  if (row === null) throw ports.notFound('offer');
  requireOwnAccount(ports, request, row.account_id, 'offer');
  return row;
}

/** An integration that offers can be added to or fetched for: one's own, and not deleted. */
export async function requireLiveIntegration(
  ports: ApiPorts,
  request: FastifyRequest,
  tx: Transaction,
  id: string,
): Promise<IntegrationRow> {
  const row = await findIntegration(tx, ports.readId('integration', id));
  if (row === null) throw ports.notFound('integration');
  requireOwnAccount(ports, request, row.account_id, 'integration');
  if (row.deleted_at !== null) {
    throw ports.conflict('integration_deleted', 'The integration is deleted; restore it first', { integration_id: id });
  }
  return row;
}
