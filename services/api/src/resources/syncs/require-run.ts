import { findRun, type Database, type RunRow, type Tx } from '@trackly-tune/database';
import type { FastifyRequest } from 'fastify';
import type { ApiPorts } from '../../ports.js';
import { requireOwnAccount } from '../../http/resolve-scope.js';

/** The run with an id of a path. Throws 404 for unknown ones and for those of an account that the key may not see. */
export async function requireRun(
  ports: ApiPorts,
  request: FastifyRequest,
  id: string,
  db: Database | Tx = ports.db,
): Promise<RunRow> {
  const run = await findRun(db, ports.readId('run', id));
  if (run === null) throw ports.notFound('sync run');
  requireOwnAccount(ports, request, run.account_id, 'sync run');
  return run;
}
