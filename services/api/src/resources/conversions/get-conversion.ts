import { findConversion } from '@trackly-tune/database';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { ApiPorts } from '../../ports.js';
import { requireOwnAccount } from '../../http/resolve-scope.js';
import { errorAnswers, idParams, nothing } from '../../http/schemas.js';
import { conversionAnswer, presentConversion } from './present-conversion.js';

export function getConversion(ports: ApiPorts): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/v1/conversions/:id',
      {
        schema: {
          operationId: 'getConversion',
          summary: 'A conversion with its current decision',
          tags: ['books'],
          params: idParams,
          querystring: nothing,
          response: { 200: conversionAnswer.meta({ description: 'The conversion' }), ...errorAnswers },
        },
      },
      async (request) => {
        const row = await findConversion(ports.db, ports.readId('conversion', request.params.id));
        if (row === null) throw ports.notFound('conversion');
        requireOwnAccount(ports, request, row.account_id, 'conversion');
        return presentConversion(row);
      },
    );
  };
}
