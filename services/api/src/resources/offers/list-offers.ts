import { listOffers } from '@trackly-tune/database';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { pageOf, paginationAnswer } from '../../http/page-of.js';
import type { ApiPorts } from '../../ports.js';
import { offerAnswer, offerStatus, presentOffer } from './present-offer.js';
import { requireIntegration, requireOwnAccount } from '../../http/resolve-scope.js';
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
            200: z.object({ data: z.array(offerAnswer), pagination: paginationAnswer }),
            ...errorAnswers,
          },
        },
      },
      async (request) => {
        const { integration_id, account_id, status } = request.query;
        if (account_id !== undefined) requireOwnAccount(ports, request, account_id, 'account');
        const integrationId =
          integration_id === undefined
            ? undefined
            : await requireIntegration(ports, request, { integration_id, account_id });
        const accountId = account_id ?? ports.accountOfKey(request) ?? undefined;
        const paged = pageOf(request.query);
        const { rows, total } = await listOffers(ports.db, { accountId, integrationId, status }, paged);
        return { data: rows.map(presentOffer), pagination: paged.pagination(total) };
      },
    );
  };
}
