import { LOG_LEVELS, readIntegrationLog, type LogRow } from '@trackly-tune/database';
import { toPublicId } from '@trackly-tune/domain';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { ApiPorts } from '../../ports.js';
import { cutPage } from '../../http/paging.js';
import { requireIntegration } from '../../http/resolve-scope.js';
import { cursor, errorAnswers, idParams, limit, ownId, time } from '../../http/schemas.js';

const line = z
  .object({
    at: time,
    level: z.enum(LOG_LEVELS),
    code: z.string(),
    message: z.string(),
    run_id: z.string().nullable(),
    context: z.unknown().meta({ description: 'What else is known, by name', type: 'object' }),
  })
  .meta({ id: 'LogLine' });

function presentLine(row: LogRow): z.infer<typeof line> {
  return {
    at: row.at.toISOString(),
    level: row.level,
    code: row.code,
    message: row.message,
    run_id: row.run_id === null ? null : toPublicId('run', row.run_id),
    context: row.context,
  };
}

export function listLogs(ports: ApiPorts): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/v1/integrations/:id/logs',
      {
        schema: {
          operationId: 'listLogs',
          summary: 'The log of an integration, oldest line first',
          tags: ['syncs'],
          params: idParams,
          querystring: z.strictObject({
            level: z.enum(LOG_LEVELS).optional(),
            run_id: ownId.optional(),
            after: cursor,
            limit,
          }),
          response: {
            200: z
              .object({ data: z.array(line), next: z.string().nullable() })
              .meta({ description: 'Lines; `next` is the `after` of the next page, null at the end' }),
            ...errorAnswers,
          },
        },
      },
      async (request) => {
        const { level, run_id, after, limit: rowsMax } = request.query;
        const integrationId = await requireIntegration(ports, request, { integration_id: request.params.id });
        const runId = run_id === undefined ? undefined : ports.readId('run', run_id);
        const rows = await readIntegrationLog(
          ports.db,
          { integrationId, level, runId },
          { after: BigInt(after), limit: rowsMax + 1 },
        );
        const { shown, next } = cutPage(rows, rowsMax, ({ id }) => id.toString());
        return { data: shown.map(presentLine), next };
      },
    );
  };
}
