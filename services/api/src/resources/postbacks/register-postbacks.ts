import type { FastifyInstance } from 'fastify';
import type { ApiPorts } from '../../ports.js';
import { listPostbacksRoute } from './list-postbacks.js';
import { postbackConfig } from './postback-config.js';
import type { PostbackIntake } from './intake/open-postback-intake.js';

/** Registers what people set postbacks up with. Paths are whole: register without a prefix. */
export async function registerPostbacks(
  app: FastifyInstance,
  ports: ApiPorts,
  intake: Pick<PostbackIntake, 'forgetOffer'>,
): Promise<void> {
  await app.register(listPostbacksRoute(ports));
  await app.register(postbackConfig(ports, intake.forgetOffer));
}
