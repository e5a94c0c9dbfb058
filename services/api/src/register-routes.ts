import type { FastifyInstance } from 'fastify';
import type { ApiPorts, Route } from './ports.js';
import { connectionTestRoutes } from './resources/connection-test/routes.js';
import { contactRoutes } from './resources/contacts/routes.js';
import { conversionRoutes } from './resources/conversions/routes.js';
import { integrationRoutes } from './resources/integrations/routes.js';
import { lookupRoutes } from './resources/lookup/routes.js';
import { meRoutes } from './resources/me/routes.js';
import { offerRoutes } from './resources/offers/routes.js';
import { parkedTransactionRoutes } from './resources/parked-transactions/routes.js';
import { platformFactRoutes } from './resources/platform-facts/routes.js';
import type { PostbackIntake } from './resources/postbacks/intake/open-postback-intake.js';
import { postbackRoutes } from './resources/postbacks/routes.js';
import { reattributionRoutes } from './resources/reattributions/routes.js';
import { revenueRoutes } from './resources/revenue/routes.js';
import { syncRoutes } from './resources/syncs/routes.js';

/** In the order of the document. A new resource is one more line. */
const routesOf = (intake: Pick<PostbackIntake, 'forgetOffer'>): readonly Route[] => [
  ...meRoutes,
  ...lookupRoutes,
  ...integrationRoutes,
  ...connectionTestRoutes,
  ...syncRoutes,
  ...offerRoutes,
  ...platformFactRoutes,
  ...contactRoutes,
  ...conversionRoutes,
  ...revenueRoutes,
  ...reattributionRoutes,
  ...parkedTransactionRoutes,
  ...postbackRoutes(intake),
];

/** Registers every route behind the ports. Paths are whole: register without a prefix. */
export async function registerRoutes(
  app: FastifyInstance,
  ports: ApiPorts,
  intake: Pick<PostbackIntake, 'forgetOffer'>,
): Promise<void> {
  for (const route of routesOf(intake)) await app.register(route(ports));
}
