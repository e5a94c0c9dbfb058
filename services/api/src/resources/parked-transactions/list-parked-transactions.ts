import { listParkedTransactions } from '@trackly-tune/database';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { ApiPorts } from '../../ports.js';
import { parkedTransactionAnswer, presentParkedTransaction } from './present-parked-transaction.js';
import { cutPage } from '../../http/paging.js';
import { requireScope } from '../../http/resolve-scope.js';
import { cursor, errorAnswers, limit, ownId, platformId, refineScope } from '../../http/schemas.js';

const query = refineScope(
  z.strictObject({
    account_id: platformId.optional(),
    integration_id: ownId.optional(),
    after: cursor,
    limit,
  }),
);

export function listParkedTransactionsRoute(ports: ApiPorts): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/v1/parked-transactions',
      {
        schema: {
          operationId: 'listParkedTransactions',
          summary: 'Transactions that are on the books later than they should',
          description:
            'What cannot be settled or numbered is parked, so that it stops nothing else, and tried again by itself ' +
            'after 1, 2, 4 … minutes, at most an hour. One that went through is not in the list any more.',
          tags: ['books'],
          querystring: query,
          response: {
            200: z
              .object({ data: z.array(parkedTransactionAnswer), next: z.string().nullable() })
              .meta({ description: 'Transactions; `next` is the `after` of the next page, null at the end' }),
            ...errorAnswers,
          },
        },
      },
      async (request) => {
        const { after, limit: rowsMax } = request.query;
        const scope = await requireScope(ports, request, request.query);
        const rows = await listParkedTransactions(ports.db, { scope }, { after: BigInt(after), limit: rowsMax + 1 });
        const { shown, next } = cutPage(rows, rowsMax, ({ id }) => id.toString());
        return { data: shown.map(presentParkedTransaction), next };
      },
    );
  };
}
