import { findOffer, readOfferHistory } from '@trackly-tune/database';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { requireOffer } from './require-offer.js';
import { idParams } from './schemas.js';
import type { ApiPorts } from '../../ports.js';
import { offerChangeAnswer, presentOfferChange } from './present-offer.js';
import { errorAnswers, limit } from '../../http/schemas.js';

const cursor = z.string().regex(/^[1-9]\d{0,17}$/, 'must be a cursor that this list handed out');

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
          querystring: z.strictObject({ after: cursor.optional(), limit }),
          response: {
            200: z.object({ data: z.array(offerChangeAnswer), next: z.string().nullable() }),
            ...errorAnswers,
          },
        },
      },
      async (request) => {
        const offer = await requireOffer(ports, request, request.params.id, (id) => findOffer(ports.db, id));
        const { after, limit: rowsMax } = request.query;
        // One more than asked for tells whether there is a next page.
        const rows = await readOfferHistory(ports.db, offer.id, {
          before: after === undefined ? null : BigInt(after),
          limit: rowsMax + 1,
        });
        const shown = rows.slice(0, rowsMax);
        const last = shown.at(-1);
        return {
          data: shown.map(presentOfferChange),
          next: rows.length > rowsMax && last !== undefined ? last.id.toString() : null,
        };
      },
    );
  };
}
