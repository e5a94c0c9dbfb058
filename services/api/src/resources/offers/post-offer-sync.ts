import { createOfferRun } from '@trackly-tune/database';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { requireLiveIntegration } from '../integrations/require-integration-row.js';
import { offerSyncBody } from './schemas.js';
import type { ApiPorts } from '../../ports.js';
import { runAnswer } from '../syncs/present-run.js';
import { startRun } from '../syncs/start-run.js';
import { errorAnswer, errorAnswers, idParams } from '../../http/schemas.js';

export function postOfferSync(ports: ApiPorts): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/v1/integrations/:id/offer-syncs',
      {
        config: { keepsAnswers: true },
        schema: {
          operationId: 'startOfferSync',
          summary: "Fetch the network's catalogue now and refresh every imported offer",
          description:
            'A run that still waits is returned instead of a second one, and takes over `accept_empty` from this request.',
          tags: ['offers'],
          params: idParams,
          body: offerSyncBody.nullish(),
          response: {
            202: runAnswer.meta({ description: 'The sync run, or the one that still waits' }),
            ...errorAnswers,
            409: errorAnswer.meta({ description: '`integration_deleted` or `idempotency_in_progress`' }),
          },
        },
      },
      async (request, reply) => {
        const { status, body } = await startRun(ports, request, async (tx) => {
          const integration = await requireLiveIntegration(ports, request, tx, request.params.id);
          const { id: integrationId, network_id: networkId } = integration;
          const acceptEmpty = request.body?.accept_empty ?? false;
          const { id } = await createOfferRun(tx, { integrationId, trigger: 'manual', acceptEmpty });
          return { id, wake: () => ports.wake('sync-network-offers', { networkId }) };
        });
        return reply.code(status).send(body);
      },
    );
  };
}
