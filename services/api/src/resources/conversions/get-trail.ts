import { readTrail } from '@trackly-tune/database';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { ApiPorts } from '../../ports.js';
import { requireOwnAccount } from '../../http/resolve-scope.js';
import { errorAnswers, idParams, nothing } from '../../http/schemas.js';
import { presentTrail, trailAnswer } from './present-trail.js';

/** A conversion that changed more often than this shows its newest rows, and says that it does. */
const TRAIL_ROWS_MAX = 1_000;

export function getTrail(ports: ApiPorts): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/v1/conversions/:id/trail',
      {
        schema: {
          operationId: 'getConversionTrail',
          summary: 'Everything seen and decided about a conversion, in order',
          tags: ['books'],
          params: idParams,
          querystring: nothing,
          response: {
            200: trailAnswer.meta({ description: 'The conversion with its versions, decisions and entries' }),
            ...errorAnswers,
          },
        },
      },
      async (request) => {
        const conversionId = ports.readId('conversion', request.params.id);
        const trail = await readTrail(ports.db, conversionId, { rowsMax: TRAIL_ROWS_MAX });
        if (trail === null) throw ports.notFound('conversion');
        requireOwnAccount(ports, request, trail.conversion.account_id, 'conversion');
        return presentTrail(trail);
      },
    );
  };
}
