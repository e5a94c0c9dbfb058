import { AsOfAheadError, readRevenue, REVENUE_GROUPINGS, type AsOf } from '@trackly-tune/database';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { parseAsOf } from '../../books/parse-as-of.js';
import type { ApiPorts } from '../../ports.js';
import { requireScope } from '../../resolve-scope.js';
import { day, errorAnswers, ownId, page, perPage, platformId, refineDays, refineScope } from '../../schemas.js';
import { presentRevenueRow, revenueRowAnswer } from '../../presenters/present-revenue-row.js';

const query = refineDays(
  refineScope(
    z.strictObject({
      account_id: platformId.optional(),
      integration_id: ownId.optional(),
      group_by: z.enum(REVENUE_GROUPINGS),
      from: day.optional(),
      to: day.optional(),
      as_of: z
        .string()
        .refine((text) => parseAsOf(text) !== null, 'must be a sequence number or an ISO 8601 time with Z or an offset')
        .optional(),
      page,
      per_page: perPage,
    }),
  ),
);

const answer = z.object({
  data: z.array(revenueRowAnswer),
  pagination: z.object({
    page: z.number().int(),
    per_page: z.number().int(),
    total: z.number().int(),
    total_pages: z.number().int(),
  }),
  as_of_seq: z.number().int().meta({ description: 'Ask for the next page with as_of set to this number' }),
});

export function getRevenue(ports: ApiPorts): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/v1/revenue',
      {
        schema: {
          operationId: 'getRevenue',
          summary: 'Sums of the books, now or as of a moment or a sequence number',
          tags: ['books'],
          querystring: query,
          response: { 200: answer, ...errorAnswers },
        },
      },
      async (request) => {
        const { group_by: groupBy, from, to, as_of, page: number, per_page } = request.query;
        const scope = await requireScope(ports, request, request.query);
        const asOf: AsOf = as_of === undefined ? 'latest' : (parseAsOf(as_of) ?? 'latest');
        const question = { scope, groupBy, from, to, asOf, page: number, perPage: per_page };
        const found = await readRevenue(ports.db, question).catch((error: unknown) => {
          throw error instanceof AsOfAheadError ? ports.invalid('as_of', error.message) : error;
        });
        return {
          data: found.rows.map((row) => presentRevenueRow(groupBy, row)),
          pagination: {
            page: number,
            per_page,
            total: found.total,
            total_pages: Math.ceil(found.total / per_page),
          },
          as_of_seq: Number(found.asOfSeq),
        };
      },
    );
  };
}
