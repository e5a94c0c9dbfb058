import { createOfferRun, findRun } from '@trackly-tune/database';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { requireLiveIntegration } from './require-offer.js';
import { idParams, offerSyncBody } from './schemas.js';
import type { ApiPorts } from '../../ports.js';
import { presentRun, runAnswer } from '../syncs/present-run.js';
import { errorAnswer, errorAnswers } from '../../http/schemas.js';

export function postOfferSync(ports: ApiPorts): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/v1/integrations/:id/offer-syncs',
      {
        schema: {
          operationId: 'startOfferSync',
          summary: "Fetch the network's catalogue now and refresh every imported offer",
          description:
            'A run that still waits is returned instead of a second one, and takes over `accept_empty` from this request.',
          tags: ['offers'],
          params: idParams,
          body: offerSyncBody.nullish(),
          response: { 202: runAnswer, ...errorAnswers, 409: errorAnswer },
        },
      },
      async (request, reply) => {
        let networkId = '';
        const answer = await ports.inTransaction(request, async (tx) => {
          const integration = await requireLiveIntegration(ports, request, tx, request.params.id);
          networkId = integration.network_id;
          const { id } = await createOfferRun(tx, {
            integrationId: integration.id,
            networkId,
            trigger: 'manual',
            acceptEmpty: request.body?.accept_empty ?? false,
          });
          const run = await findRun(tx, id);
          if (run === null) throw ports.notFound('sync run');
          return { status: 202 as const, body: presentRun(run) };
        });
        if (networkId !== '') ports.signal('sync-network-offers', { networkId });
        return reply.code(answer.status).send(answer.body);
      },
    );
  };
}
