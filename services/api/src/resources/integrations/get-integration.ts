import { findIntegration } from '@trackly-tune/database';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { idParams, nothing } from './schemas.js';
import type { ApiPorts } from '../../ports.js';
import { integrationAnswer, presentIntegration } from './present-integration.js';
import { requireOwnAccount } from '../../http/resolve-scope.js';
import { errorAnswers } from '../../http/schemas.js';

export function getIntegration(ports: ApiPorts): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/v1/integrations/:id',
      {
        schema: {
          operationId: 'getIntegration',
          summary: 'An integration with its schedules, deleted ones included',
          tags: ['integrations'],
          params: idParams,
          querystring: nothing,
          response: { 200: integrationAnswer, ...errorAnswers },
        },
      },
      async (request) => {
        const row = await findIntegration(ports.db, ports.readId('integration', request.params.id));
        if (row === null) throw ports.notFound('integration');
        requireOwnAccount(ports, request, row.account_id, 'integration');
        return presentIntegration(row);
      },
    );
  };
}
