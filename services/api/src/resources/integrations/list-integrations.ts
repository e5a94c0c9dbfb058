import { listIntegrations } from '@trackly-tune/database';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { ApiPorts } from '../../ports.js';
import { integrationAnswer, presentIntegration } from './present-integration.js';
import { requireOwnAccount } from '../../http/resolve-scope.js';
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
            200: z.object({
              data: z.array(integrationAnswer),
              pagination: z.object({
                page: z.number().int(),
                per_page: z.number().int(),
                total: z.number().int(),
                total_pages: z.number().int(),
              }),
            }),
            ...errorAnswers,
          },
        },
      },
      async (request) => {
        const { account_id, include_deleted, page: pageNo, per_page } = request.query;
        if (account_id !== undefined) requireOwnAccount(ports, request, account_id, 'account');
        const accountId = account_id ?? ports.accountOfKey(request) ?? undefined;
        const { rows, total } = await listIntegrations(
          ports.db,
          { accountId, includeDeleted: include_deleted === 'true' },
          { limit: per_page, offset: (pageNo - 1) * per_page },
        );
        return {
          data: rows.map(presentIntegration),
          pagination: { page: pageNo, per_page, total, total_pages: Math.ceil(total / per_page) },
        };
      },
    );
  };
}
