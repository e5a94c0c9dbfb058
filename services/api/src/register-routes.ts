import type { FastifyInstance } from 'fastify';
import type { PostbackIntake } from './resources/postbacks/intake/open-postback-intake.js';
import { registerBooks } from './resources/register-books.js';
import { registerIntegrations } from './resources/integrations/register-integrations.js';
import { registerOffers } from './resources/offers/register-offers.js';
import type { ApiPorts } from './ports.js';
import { registerSyncs } from './resources/syncs/register-syncs.js';
import { registerPostbacks } from './resources/postbacks/register-postbacks.js';

/** One entry per group of routes. Paths are whole; a group registers its routes without a prefix. */
const GROUPS: readonly ((app: FastifyInstance, ports: ApiPorts) => Promise<void>)[] = [
  registerBooks,
  registerIntegrations,
  registerSyncs,
  registerOffers,
];

/** Registers every route behind the ports. A new group is one more line above. */
export async function registerRoutes(
  app: FastifyInstance,
  ports: ApiPorts,
  intake: Pick<PostbackIntake, 'forgetOffer'>,
): Promise<void> {
  for (const register of GROUPS) await register(app, ports);
  await registerPostbacks(app, ports, intake);
}
