import { findIntegration, type Database, type IntegrationRow, type Tx } from '@trackly-tune/database';
import type { FastifyRequest } from 'fastify';
import { requireOwnAccount } from '../../http/resolve-scope.js';
import type { ApiPorts } from '../../ports.js';

/** An integration that the request's key may see, deleted ones included; whatever else is 404 to it. */
export async function requireIntegrationRow(
  ports: ApiPorts,
  request: FastifyRequest,
  id: string,
  db: Database | Tx = ports.db,
): Promise<IntegrationRow> {
  const row = await findIntegration(db, ports.readId('integration', id));
  if (row === null) throw ports.notFound('integration');
  requireOwnAccount(ports, request, row.account_id, 'integration');
  return row;
}

/** One that can be worked with: not deleted. */
export async function requireLiveIntegration(
  ports: ApiPorts,
  request: FastifyRequest,
  tx: Tx,
  id: string,
): Promise<IntegrationRow> {
  const row = await requireIntegrationRow(ports, request, id, tx);
  if (row.deleted_at !== null) {
    throw ports.conflict('integration_deleted', 'The integration is deleted; restore it first', { integration_id: id });
  }
  return row;
}
