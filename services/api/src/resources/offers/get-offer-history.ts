import { findOffer, readOfferHistory } from '@trackly-tune/database';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { requireOffer } from './require-offer.js';
import { cutPage } from '../../http/paging.js';
import type { ApiPorts } from '../../ports.js';
import { offerChangeAnswer, presentOfferChange } from './present-offer.js';
import { errorAnswers, idParams, laterCursor, limit } from '../../http/schemas.js';

export function getOfferHistory(ports: ApiPorts): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/v1/offers/:id/history',
      {
        schema: {
          operationId: 'getOfferHistory',
          summary: 'Every change of an offer with before, after and cause, newest first',
          tags: ['offers'],
          params: idParams,
          querystring: z.strictObject({ after: laterCursor, limit }),
          response: {
            200: z
              .object({ data: z.array(offerChangeAnswer), next: z.string().nullable() })
              .meta({ description: 'Changes; `next` is the `after` of the next page, null at the end' }),
            ...errorAnswers,
          },
        },
      },
      async (request) => {
        const offer = await requireOffer(ports, request, request.params.id, (id) => findOffer(ports.db, id));
        const { after, limit: rowsMax } = request.query;
        const rows = await readOfferHistory(ports.db, offer.id, {
          before: after === undefined ? null : BigInt(after),
          limit: rowsMax + 1,
        });
        const { shown, next } = cutPage(rows, rowsMax, ({ id }) => id.toString());
        return { data: shown.map(presentOfferChange), next };
      },
    );
  };
}
