import { listAvailableOffers } from '@trackly-tune/database';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { pageOf, paginationAnswer } from '../../http/paging.js';
import type { ApiPorts } from '../../ports.js';
import { availableOfferAnswer, offerStatus, presentAvailableOffer } from './present-offer.js';
import { requireIntegration } from '../../http/resolve-scope.js';
import { errorAnswers, idParams, page, perPage, storableString } from '../../http/schemas.js';

const query = z.strictObject({
  search: storableString(200).optional(),
  status: offerStatus.optional(),
  page,
  per_page: perPage,
});

export function listAvailableOffersRoute(ports: ApiPorts): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/v1/integrations/:id/available-offers',
      {
        schema: {
          operationId: 'listAvailableOffers',
          summary: "The network's catalogue as last fetched",
          description: "Names are TUNE's own, without the integration's prefix. Deleted offers are `archived`.",
          tags: ['offers'],
          params: idParams,
          querystring: query,
          response: {
            200: z
              .object({ data: z.array(availableOfferAnswer), pagination: paginationAnswer })
              .meta({ description: 'A page of the catalogue' }),
            ...errorAnswers,
          },
        },
      },
      async (request) => {
        const integrationId = await requireIntegration(ports, request, { integration_id: request.params.id });
        const { search, status } = request.query;
        const paged = pageOf(request.query);
        const { rows, total } = await listAvailableOffers(ports.db, { integrationId, search, status }, paged);
        return { data: rows.map(presentAvailableOffer), pagination: paged.pagination(total) };
      },
    );
  };
}
