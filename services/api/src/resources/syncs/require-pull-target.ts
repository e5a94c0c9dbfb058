import { findPullTarget, type PullTarget, type Tx } from '@trackly-tune/database';
import type { FastifyRequest } from 'fastify';
import { requireOwnAccount } from '../../http/resolve-scope.js';
import type { ApiPorts } from '../../ports.js';

/** What conversions can be pulled for: an integration of one's own that is not deleted. */
export async function requirePullTarget(
  ports: ApiPorts,
  request: FastifyRequest,
  tx: Tx,
  id: string,
): Promise<PullTarget & { readonly integrationId: bigint }> {
  const integrationId = ports.readId('integration', id);
  const target = await findPullTarget(tx, integrationId);
  if (target === null) throw ports.notFound('integration');
  requireOwnAccount(ports, request, target.accountId, 'integration');
  if (target.deleted) {
    const message = 'The integration was deleted; restore it to sync again';
    throw ports.conflict('integration_deleted', message, { integration_id: id });
  }
  return { ...target, integrationId };
}
