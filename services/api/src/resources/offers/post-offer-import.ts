import { createImportRun } from '@trackly-tune/database';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { requireLiveIntegration } from '../integrations/require-integration-row.js';
import { externalId } from './schemas.js';
import type { ApiPorts } from '../../ports.js';
import { runAnswer } from '../syncs/present-run.js';
import { startRun } from '../syncs/start-run.js';
import { errorAnswer, errorAnswers, idParams, nothing } from '../../http/schemas.js';

const IDS_MAX = 10_000;

export function postOfferImport(ports: ApiPorts): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/v1/integrations/:id/offers/import',
      {
        config: { keepsAnswers: true },
        schema: {
          operationId: 'importOffers',
          summary: 'Import offers of the network by their ids',
          description:
            "What became of each id stands in the run's items: imported, already_imported, deleted or unknown. None of them fails the run.",
          tags: ['offers'],
          params: idParams,
          querystring: nothing,
          body: z.strictObject({ external_ids: z.array(externalId).min(1).max(IDS_MAX) }),
          response: {
            202: runAnswer.meta({ description: 'The sync run' }),
            ...errorAnswers,
            409: errorAnswer.meta({ description: '`integration_deleted` or `idempotency_in_progress`' }),
          },
        },
      },
      async (request, reply) => {
        const { status, body } = await startRun(ports, request, async (tx) => {
          const integration = await requireLiveIntegration(ports, request, tx, request.params.id);
          const { id: integrationId, network_id: networkId } = integration;
          const { id } = await createImportRun(tx, { integrationId, externalIds: request.body.external_ids });
          return { id, wake: () => ports.wake('sync-network-offers', { networkId }) };
        });
        return reply.code(status).send(body);
      },
    );
  };
}
