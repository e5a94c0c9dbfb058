import { listRuns, RUN_KINDS, RUN_STATUSES } from '@trackly-tune/database';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { ApiPorts } from '../../ports.js';
import { presentRun, runAnswer } from './present-run.js';
import { pageOf, paginationAnswer } from '../../http/paging.js';
import { requireIntegration } from '../../http/resolve-scope.js';
import { errorAnswers, idParams, page, perPage } from '../../http/schemas.js';

const answer = z.object({ data: z.array(runAnswer), pagination: paginationAnswer });

export function listSyncRuns(ports: ApiPorts): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/v1/integrations/:id/sync-runs',
      {
        schema: {
          operationId: 'listSyncRuns',
          summary: 'The sync runs of an integration, newest first',
          tags: ['syncs'],
          params: idParams,
          querystring: z.strictObject({
            kind: z.enum(RUN_KINDS).optional(),
            status: z.enum(RUN_STATUSES).optional(),
            page,
            per_page: perPage,
          }),
          response: { 200: answer.meta({ description: 'A page of runs' }), ...errorAnswers },
        },
      },
      async (request) => {
        const { kind, status, page: number, per_page: perPage } = request.query;
        const integrationId = await requireIntegration(ports, request, { integration_id: request.params.id });
        const { rows, total } = await listRuns(ports.db, { integrationId, kind, status }, { page: number, perPage });
        return { data: rows.map(presentRun), pagination: pageOf(request.query).pagination(total) };
      },
    );
  };
}
