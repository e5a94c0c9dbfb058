import type { FastifyInstance } from 'fastify';
import type { ApiPorts } from '../../ports.js';
import { deleteIntegrationRoute } from './delete-integration.js';
import { getIntegration } from './get-integration.js';
import { listIntegrationsRoute } from './list-integrations.js';
import { patchIntegration } from './patch-integration.js';
import { postIntegration } from './post-integration.js';
import { postRestore } from './post-restore.js';
import { postTestConnection } from '../connection-test/post-test-connection.js';

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
