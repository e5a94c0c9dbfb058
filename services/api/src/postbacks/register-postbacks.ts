import type { FastifyInstance } from 'fastify';
import type { ApiPorts } from '../ports.js';
import { convOffer } from '../routes/postbacks/conv-offer.js';
import { listPostbacksRoute } from '../routes/postbacks/list-postbacks.js';
import { postbackConfig } from '../routes/postbacks/postback-config.js';
import { createOfferDirectory } from './offer-directory.js';
import { createRefusalCounts } from './refusal-counts.js';
import { gatherSignals } from './signal-settling.js';
import { openPostbackDesk } from './take-postback.js';

/** Registers what the network calls and what people set it up with. Paths are whole: register without a prefix. */
export async function registerPostbacks(app: FastifyInstance, ports: ApiPorts): Promise<void> {
  const nowMs = () => ports.clock.now().getTime();
  const directory = createOfferDirectory(ports.db, nowMs);
  const counts = createRefusalCounts(ports.db, nowMs, app.log);
  const signals = gatherSignals(ports);
  app.addHook('onClose', async () => {
    signals.close();
    await counts.close();
  });
  const desk = openPostbackDesk({ store: ports.storePostbacks, directory, counts, onStored: signals.signal });
  await app.register(convOffer(desk));
  await app.register(listPostbacksRoute(ports));
  await app.register(postbackConfig(ports, directory.forget));
}
