import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { setTimeout as wait } from 'node:timers/promises';
import type { Faults } from '../faults.js';
import type { RunningNetwork } from '../network.js';
import { answerCall, htmlAnswer, jsonAnswer, unknownNetwork } from './answer-call.js';
import { applyFault } from './apply-fault.js';
import { deliver, type Delivery } from './deliver.js';
import { readCall } from './read-call.js';

interface Api {
  readonly networks: ReadonlyMap<string, RunningNetwork>;
  readonly faults: Faults;
  readonly now: () => number;
}

const WRONG_FORMAT = {
  response: {
    errors: [{ publicMessage: 'Unsupported output format in URL' }],
    link: 'http://developers.hasoffers.com/',
  },
};

/** The network API under `/{network_id}/Apiv3/json` and `/Apiv3/json?NetworkId=`, by GET and by form POST (1.5). */
export function serveApi(app: FastifyInstance, { networks, faults, now }: Api): void {
  async function answer(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const call = readCall(request);
    reply.hijack();
    const network = networks.get(call.networkId);
    if (network === undefined) return deliver(reply.raw, { how: 'whole', answer: unknownNetwork() });
    const at = now();
    const logged = network.callLog.begin(at, call.method);
    const { latencyMs } = network.settings();
    if (latencyMs > 0) await wait(latencyMs);
    const fault = faults.take(network.id, call.method);
    const circumstances = { network, call, ip: request.ip, at };
    const delivery: Delivery =
      fault === null
        ? { how: 'whole', answer: answerCall(network, call, request.ip, at) }
        : applyFault(fault, circumstances);
    logged.end(fault?.kind ?? ('answer' in delivery ? delivery.answer.outcome : delivery.how));
    return deliver(reply.raw, delivery);
  }

  const methods = ['GET', 'POST'] as const;
  for (const url of ['/:network/Apiv3/json', '/Apiv3/json']) {
    app.route({ method: [...methods], url, handler: answer });
  }
  app.route({
    method: [...methods],
    url: '/:network/Apiv3/:format',
    async handler(_request, reply) {
      reply.hijack();
      return deliver(reply.raw, { how: 'whole', answer: jsonAnswer(WRONG_FORMAT, 'refused') });
    },
  });
  app.setNotFoundHandler((_request, reply) => {
    const { status, contentType, body } = htmlAnswer(404, 'Not Found', 'refused');
    return reply.code(status).type(contentType).send(body);
  });
}
