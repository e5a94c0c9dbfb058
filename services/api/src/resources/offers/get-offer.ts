import { findOffer, findPayoutMismatch } from '@trackly-tune/database';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { requireOffer } from './require-offer.js';
import type { ApiPorts } from '../../ports.js';
import { offerDetail, presentOfferDetail } from './present-offer.js';
import { errorAnswers, idParams, nothing } from '../../http/schemas.js';

export function getOffer(ports: ApiPorts): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/v1/offers/:id',
      {
        schema: {
          operationId: 'getOffer',
          summary: 'An offer, and whether its conversions pay what it says',
          tags: ['offers'],
          params: idParams,
          querystring: nothing,
          response: { 200: offerDetail.meta({ description: 'The offer' }), ...errorAnswers },
        },
      },
      async (request) => {
        const offer = await requireOffer(ports, request, request.params.id, (id) => findOffer(ports.db, id));
        return presentOfferDetail(offer, await findPayoutMismatch(ports.db, offer));
      },
    );
  };
}
