import { listRejectedRows } from '@trackly-tune/database';
import { UNREADABLE_REASONS } from '@trackly-tune/domain';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { ApiPorts } from '../../ports.js';
import { presentRejectedRow, rejectedRowAnswer } from './present-rejected-row.js';
import { cutPage } from '../../http/paging.js';
import { requireIntegration } from '../../http/resolve-scope.js';
import { cursor, errorAnswers, idParams, limit, ownId } from '../../http/schemas.js';

export function listRejectedRowsRoute(ports: ApiPorts): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/v1/integrations/:id/rejected-rows',
      {
        schema: {
          operationId: 'listRejectedRows',
          summary: 'Rows of reports that could not be read, in the order in which they were first seen',
          description:
            'Each different row once, however many runs saw it; with `run_id` those that this run saw, first or again.',
          tags: ['syncs'],
          params: idParams,
          querystring: z.strictObject({
            run_id: ownId.optional(),
            reason: z.enum(UNREADABLE_REASONS).optional(),
            after: cursor,
            limit,
          }),
          response: {
            200: z
              .object({ data: z.array(rejectedRowAnswer), next: z.string().nullable() })
              .meta({ description: 'Rows; `next` is the `after` of the next page, null at the end' }),
            ...errorAnswers,
          },
        },
      },
      async (request) => {
        const { run_id, reason, after, limit: rowsMax } = request.query;
        const integrationId = await requireIntegration(ports, request, { integration_id: request.params.id });
        const runId = run_id === undefined ? undefined : ports.readId('run', run_id);
        const rows = await listRejectedRows(
          ports.db,
          { integrationId, runId, reason },
          { after: BigInt(after), limit: rowsMax + 1 },
        );
        const { shown, next } = cutPage(rows, rowsMax, ({ id }) => id.toString());
        return { data: shown.map(presentRejectedRow), next };
      },
    );
  };
}
