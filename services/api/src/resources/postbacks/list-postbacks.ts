import { listPostbacks, POSTBACK_STATUSES, readPostbackCounts } from '@trackly-tune/database';
import { toPublicId } from '@trackly-tune/domain';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { ApiPorts } from '../../ports.js';
import { postbackAnswer, presentPostback } from './present-postback.js';
import { cutPage } from '../../http/paging.js';
import { requireIntegration } from '../../http/resolve-scope.js';
import { errorAnswers, idParams, laterCursor, limit } from '../../http/schemas.js';

const COUNTED_HOURS = 24;

export function listPostbacksRoute(ports: ApiPorts): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/v1/integrations/:id/postbacks',
      {
        schema: {
          operationId: 'listPostbacks',
          summary: 'The inbound log: postbacks with a valid secret, in the order of receipt',
          description:
            'Deliveries with a wrong secret, and repeated ones, are only counted: `counts_24h` has them by offer and code.',
          tags: ['postbacks'],
          params: idParams,
          querystring: z.strictObject({ status: z.enum(POSTBACK_STATUSES).optional(), after: laterCursor, limit }),
          response: {
            200: z
              .object({
                data: z.array(postbackAnswer),
                next: z.string().nullable(),
                counts_24h: z.array(
                  z
                    .object({ offer_id: z.string(), code: z.string(), count: z.number().int() })
                    .meta({ id: 'PostbackCount' }),
                ),
              })
              .meta({ description: 'Deliveries, and what was only counted in the last 24 hours' }),
            ...errorAnswers,
          },
        },
      },
      async (request) => {
        const { status, after, limit: rowsMax } = request.query;
        const integrationId = await requireIntegration(ports, request, { integration_id: request.params.id });
        const page = { after: BigInt(after ?? 0), limit: rowsMax + 1 };
        const rows = await listPostbacks(ports.db, integrationId, { status }, page);
        const counts = await readPostbackCounts(ports.db, integrationId, COUNTED_HOURS);
        const { shown, next } = cutPage(rows, rowsMax, ({ id }) => id.toString());
        return {
          data: shown.map(presentPostback),
          next,
          counts_24h: counts.map(({ offer_id, code, count }) => ({
            offer_id: toPublicId('offer', offer_id),
            code,
            count,
          })),
        };
      },
    );
  };
}
