import { createImportRun, findRun } from '@trackly-tune/database';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { requireLiveIntegration } from './require-offer.js';
import { externalId, idParams, nothing } from './schemas.js';
import type { ApiPorts } from '../../ports.js';
import { presentRun, runAnswer } from '../syncs/present-run.js';
import { errorAnswer, errorAnswers } from '../../http/schemas.js';

const IDS_MAX = 10_000;

export function postOfferImport(ports: ApiPorts): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/v1/integrations/:id/offers/import',
      {
        schema: {
          operationId: 'importOffers',
          summary: 'Import offers of the network by their ids',
          description:
            "What became of each id stands in the run's items: imported, already_imported, deleted or unknown. None of them fails the run.",
          tags: ['offers'],
          params: idParams,
          querystring: nothing,
          body: z.strictObject({ external_ids: z.array(externalId).min(1).max(IDS_MAX) }),
          response: { 202: runAnswer, ...errorAnswers, 409: errorAnswer },
        },
      },
      async (request, reply) => {
        let networkId = '';
        const answer = await ports.inTransaction(request, async (tx) => {
          const integration = await requireLiveIntegration(ports, request, tx, request.params.id);
          networkId = integration.network_id;
          const externalIds = request.body.external_ids;
          const { id } = await createImportRun(tx, { integrationId: integration.id, networkId, externalIds });
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
