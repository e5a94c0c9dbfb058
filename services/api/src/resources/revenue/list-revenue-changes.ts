import { readRevenueChanges } from '@trackly-tune/database';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { ApiPorts } from '../../ports.js';
import { requireScope } from '../../http/resolve-scope.js';
import { errorAnswers, limit, ownId, platformId, refineScope } from '../../http/schemas.js';
import { presentRevenueChange, revenueChangeAnswer } from './present-revenue-change.js';

const query = refineScope(
  z.strictObject({
    account_id: platformId.optional(),
    integration_id: ownId.optional(),
    after: z
      .string()
      .regex(/^\d{1,18}$/, 'must be a sequence number')
      .default('0'),
    limit,
  }),
);

export function listRevenueChanges(ports: ApiPorts): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/v1/revenue-changes',
      {
        schema: {
          operationId: 'listRevenueChanges',
          summary: 'Every change of the books, as a feed without gaps',
          description: 'A follower goes on with the `seq` of the last row it has seen; `next` is null at the end.',
          tags: ['books'],
          querystring: query,
          response: {
            200: z
              .object({ data: z.array(revenueChangeAnswer), next: z.string().nullable() })
              .meta({ description: 'Changes by `seq`; `next` is the `after` of the next page, null at the end' }),
            ...errorAnswers,
          },
        },
      },
      async (request) => {
        const { after, limit: rowsMax } = request.query;
        const scope = await requireScope(ports, request, request.query);
        const rows = await readRevenueChanges(ports.db, scope, { after: BigInt(after), limit: rowsMax });
        const last = rows.at(-1);
        return {
          data: rows.map(presentRevenueChange),
          next: last === undefined || rows.length < rowsMax ? null : last.seq.toString(),
        };
      },
    );
  };
}
