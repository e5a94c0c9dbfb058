import { inTransaction } from '@trackly-tune/database';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { ApiPorts } from '../../ports.js';
import { requireIntegration } from '../../http/resolve-scope.js';
import { errorAnswers, idParams, nothing } from '../../http/schemas.js';
import { deleteIntegration } from './steps/delete-integration.js';

export function deleteIntegrationRoute(ports: ApiPorts): FastifyPluginAsyncZod {
  return async (app) => {
    app.delete(
      '/v1/integrations/:id',
      {
        schema: {
          operationId: 'deleteIntegration',
          summary: 'Stop syncing an integration; its books stay',
          tags: ['integrations'],
          params: idParams,
          querystring: nothing,
          response: { 204: z.null().meta({ description: 'It is deleted, now or since before' }), ...errorAnswers },
        },
      },
      async (request, reply) => {
        const id = await requireIntegration(ports, request, { integration_id: request.params.id });
        if (!(await inTransaction(ports.db, (tx) => deleteIntegration(tx, id)))) throw ports.notFound('integration');
        return reply.code(204).send(null);
      },
    );
  };
}
