import type { FastifyRequest } from 'fastify';
import type { ApiPorts } from '../ports.js';
import { requireOwnAccount } from './resolve-scope.js';

/**
 * The account whose records are asked for: the one that is named, else that of the key. Throws 400 where neither says one,
 * and the 404 of `what` for an account that the key may not see.
 */
export function requireAccount(
  ports: ApiPorts,
  request: FastifyRequest,
  named: string | undefined,
  what: string,
): string {
  if (named !== undefined) requireOwnAccount(ports, request, named, what);
  const accountId = named ?? ports.accountOfKey(request);
  if (accountId === null) throw ports.invalid('account_id', 'is required: the key sees every account');
  return accountId;
}
