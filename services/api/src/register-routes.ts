import type { FastifyInstance } from 'fastify';
import type { PostbackIntake } from './postbacks/open-postback-intake.js';
import { registerBooks } from './books/register-books.js';
import { registerIntegrations } from './integrations/register-integrations.js';
import { registerOffers } from './offers/register-offers.js';
import type { ApiPorts } from './ports.js';
import { registerSyncs } from './routes/syncs/register-syncs.js';
import { registerPostbacks } from './postbacks/register-postbacks.js';

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
