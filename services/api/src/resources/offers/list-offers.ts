import { listOffers } from '@trackly-tune/database';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { pageOf, paginationAnswer } from '../../http/paging.js';
import type { ApiPorts } from '../../ports.js';
import { offerAnswer, offerStatus, presentOffer } from './present-offer.js';
import { readScope } from '../../http/resolve-scope.js';
import { errorAnswers, ownId, page, perPage, platformId } from '../../http/schemas.js';

const query = z.strictObject({
  integration_id: ownId.optional(),
  account_id: platformId.optional(),
  status: offerStatus.optional(),
  page,
  per_page: perPage,
});

export function listOffersRoute(ports: ApiPorts): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/v1/offers',
      {
        schema: {
          operationId: 'listOffers',
          summary: 'Offers that were imported or made by hand, in the order in which they were made',
          tags: ['offers'],
          querystring: query,
          response: {
            200: z
              .object({ data: z.array(offerAnswer), pagination: paginationAnswer })
              .meta({ description: 'A page of offers' }),
            ...errorAnswers,
          },
        },
      },
      async (request) => {
        const { status } = request.query;
        const scope = await readScope(ports, request, request.query);
        const paged = pageOf(request.query);
        const { rows, total } = await listOffers(ports.db, { ...scope, status }, paged);
        return { data: rows.map(presentOffer), pagination: paged.pagination(total) };
      },
    );
  };
}
