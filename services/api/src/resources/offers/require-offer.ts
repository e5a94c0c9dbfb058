import type { FastifyRequest } from 'fastify';
import { requireOwnAccount } from '../../http/resolve-scope.js';
import type { ApiPorts } from '../../ports.js';

type OfAccount = { readonly account_id: string } | { readonly accountId: string };

/** An offer that the request's key may see; whatever else is 404 to it. */
export async function requireOffer<Row extends OfAccount>(
  ports: ApiPorts,
  request: FastifyRequest,
  id: string,
  find: (offerId: bigint) => Promise<Row | null>,
): Promise<Row> {
  const row = await find(ports.readId('offer', id));
  if (row === null) throw ports.notFound('offer');
  requireOwnAccount(ports, request, 'account_id' in row ? row.account_id : row.accountId, 'offer');
  return row;
}
