import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { ApiPorts } from '../../ports.js';
import { presentRun, runAnswer } from './present-run.js';
import { errorAnswers, idParams, nothing } from '../../http/schemas.js';
import { requireRun } from './require-run.js';

export function getSyncRun(ports: ApiPorts): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/v1/sync-runs/:id',
      {
        schema: {
          operationId: 'getSyncRun',
          summary: 'A sync run: how far it is and what it did',
          tags: ['syncs'],
          params: idParams,
          querystring: nothing,
          response: { 200: runAnswer.meta({ description: 'The run' }), ...errorAnswers },
        },
      },
      async (request) => presentRun(await requireRun(ports, request, request.params.id)),
    );
  };
}
