import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { ApiPorts } from '../../ports.js';
import { integrationAnswer, presentIntegration } from './present-integration.js';
import { requireIntegrationRow } from './require-integration-row.js';
import { errorAnswers, idParams, nothing } from '../../http/schemas.js';

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
          response: { 200: integrationAnswer.meta({ description: 'The integration' }), ...errorAnswers },
        },
      },
      async (request) => {
        return presentIntegration(await requireIntegrationRow(ports, request, request.params.id));
      },
    );
  };
}
