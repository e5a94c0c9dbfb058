import type { Route } from '../../ports.js';
import { deleteIntegrationRoute } from './delete-integration.js';
import { getIntegration } from './get-integration.js';
import { listIntegrationsRoute } from './list-integrations.js';
import { patchIntegration } from './patch-integration.js';
import { postIntegration } from './post-integration.js';
import { postRestore } from './post-restore.js';

export const integrationRoutes: readonly Route[] = [
  postIntegration,
  listIntegrationsRoute,
  getIntegration,
  patchIntegration,
  deleteIntegrationRoute,
  postRestore,
];
