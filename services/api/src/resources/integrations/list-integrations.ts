import { listIntegrations } from '@trackly-tune/database';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { ApiPorts } from '../../ports.js';
import { integrationAnswer, presentIntegration } from './present-integration.js';
import { pageOf, paginationAnswer } from '../../http/paging.js';
import { readScope } from '../../http/resolve-scope.js';
import { errorAnswers, page, perPage, platformId } from '../../http/schemas.js';

const query = z.strictObject({
  account_id: platformId.optional(),
  include_deleted: z.enum(['true', 'false']).default('false'),
  page,
  per_page: perPage,
});

export function listIntegrationsRoute(ports: ApiPorts): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/v1/integrations',
      {
        schema: {
          operationId: 'listIntegrations',
          summary: 'Integrations in the order in which they were made; deleted ones only when asked for',
          tags: ['integrations'],
          querystring: query,
          response: {
            200: z
              .object({ data: z.array(integrationAnswer), pagination: paginationAnswer })
              .meta({ description: 'A page of integrations' }),
            ...errorAnswers,
          },
        },
      },
      async (request) => {
        const { account_id, include_deleted } = request.query;
        const { accountId } = await readScope(ports, request, { account_id });
        const paged = pageOf(request.query);
        const asked = { accountId, includeDeleted: include_deleted === 'true' };
        const { rows, total } = await listIntegrations(ports.db, asked, paged);
        return { data: rows.map(presentIntegration), pagination: paged.pagination(total) };
      },
    );
  };
}
