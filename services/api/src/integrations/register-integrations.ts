import type { FastifyInstance } from 'fastify';
import type { ApiPorts } from '../ports.js';
import { deleteIntegrationRoute } from '../routes/integrations/delete-integration.js';
import { getIntegration } from '../routes/integrations/get-integration.js';
import { listIntegrationsRoute } from '../routes/integrations/list-integrations.js';
import { patchIntegration } from '../routes/integrations/patch-integration.js';
import { postIntegration } from '../routes/integrations/post-integration.js';
import { postRestore } from '../routes/integrations/post-restore.js';
import { postTestConnection } from '../routes/integrations/post-test-connection.js';

/** Registers the routes of integrations. Paths are whole: register without a prefix. */
export async function registerIntegrations(app: FastifyInstance, ports: ApiPorts): Promise<void> {
  const routes = [
    postIntegration,
    listIntegrationsRoute,
    getIntegration,
    patchIntegration,
    deleteIntegrationRoute,
    postRestore,
    postTestConnection,
  ];
  for (const route of routes) await app.register(route(ports));
}
